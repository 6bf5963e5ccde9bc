import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, realpathSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { ConfigError } from "../core/errors.ts";

/** Where the sockets of one user's bots may be: the environment is a parameter, as two shells may differ in theirs. */
export interface ControlPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
}

/** Longest path every system takes for a socket, bytes. */
const LONGEST = 103;
/** Anyone but the owner may read, write or enter. */
const OTHERS = 0o077;

const HERE: ControlPlaces = { env: process.env, platform: process.platform };

/**
 * Where the bot with this journal listens: a socket (on Windows a named pipe) named after the journal's real path.
 *
 * @throws ConfigError `CONTROL_FOLDER` when no folder that only this user can enter is to be had
 */
export function controlAddress(journalPath: string, places: ControlPlaces = HERE): string {
  const name = nameOf(journalPath);
  if (places.platform === "win32") return pipe(name);
  const folders = foldersOf(places);
  const folder = folders.find((each) => isShort(each, name) && isPrivate(made(each)));
  if (folder !== undefined) return join(folder, name);
  const message = `no folder for the bot's socket: ${folders.join(" and ")} must belong to this user alone (mode 0700)`;
  throw new ConfigError("CONTROL_FOLDER", message, { folders });
}

/** Where such a bot may be listening, likeliest first: it may have been started in another environment. */
export function controlAddresses(journalPath: string, places: ControlPlaces = HERE): string[] {
  const name = nameOf(journalPath);
  if (places.platform === "win32") return [pipe(name)];
  // A folder of somebody else's could hold a socket that only looks like the bot's.
  return foldersOf(places)
    .filter((each) => isShort(each, name) && isPrivate(each))
    .map((each) => join(each, name));
}

function pipe(name: string): string {
  return `\\\\.\\pipe\\grimoire-${userInfo().username}-${name}`;
}

/** The same for every name of one journal, also for one that is not there yet. */
function nameOf(journalPath: string): string {
  const path = resolve(journalPath);
  return `${createHash("sha256").update(realOf(path)).digest("hex").slice(0, 24)}.sock`;
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realOf(above), basename(path));
  }
}

function foldersOf({ env, platform }: ControlPlaces): string[] {
  const { uid } = userInfo();
  const { XDG_RUNTIME_DIR: runtime } = env;
  const shared = [runtime, platform === "linux" ? `/run/user/${uid}` : undefined].filter((each) => each !== undefined);
  const temporary = [tmpdir(), "/tmp"].map((each) => join(each, `grimoire-${uid}`));
  return [...new Set([...shared.filter((each) => each !== "").map((each) => join(each, "grimoire")), ...temporary])];
}

function isShort(folder: string, name: string): boolean {
  return Buffer.byteLength(join(folder, name)) <= LONGEST;
}

/** The folder, made if it can be: whether it is fit is another question. */
function made(folder: string): string {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there, or may not be: `isPrivate` tells.
  }
  return folder;
}

function isPrivate(folder: string): boolean {
  try {
    const found = lstatSync(folder); // a link could lead anywhere
    return found.isDirectory() && found.uid === userInfo().uid && (found.mode & OTHERS) === 0;
  } catch {
    return false;
  }
}
