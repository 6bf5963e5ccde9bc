import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { ArgumentError, DataError } from "../../core/errors.ts";
import { demoKey } from "../../simulator/gateway/keyring.ts";
import { type Io, jsonText } from "../io.ts";
import { projectFiles } from "./init/files.ts";

interface InitFlags {
  readonly port: string;
  readonly json?: boolean;
}

/** `grimoire init`: a project that runs against the local exchange. */
export function define(command: Command, io: Io): void {
  command
    .argument("[dir]", "folder to make it in", ".")
    .option("--port <number>", "where its local exchange will listen", "8080")
    .option("--json", "print one JSON document: { dir, files }")
    .addHelpText(
      "after",
      `
Writes a configuration, a strategy, an .env with the local exchange's key (mode
0600), and what npm and TypeScript want to know. Nothing that is there is
touched: if one of the files exists, none is written.

Examples:
  grimoire init my-bot
  cd my-bot && grimoire exchange --port 8080`,
    )
    .action((dir: string, flags: InitFlags) => init(dir, flags, io));
}

function init(dir: string, flags: InitFlags, io: Io): void {
  const port = Number(flags.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ArgumentError("PORT", `--port must be a whole number from 1 to 65535, was ${JSON.stringify(flags.port)}`);
  }
  const root = resolve(dir);
  const name =
    basename(root)
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, "-") || "bot";
  const files = projectFiles({ name, version: version(), port, demoKey: demoKey(1) });
  const there = files.map((file) => file.path).filter((path) => existsSync(join(root, path)));
  if (there.length > 0) {
    const message = `${join(dir, there[0]!)} is there already; nothing was written (init needs a folder without ${there.join(", ")})`;
    throw new DataError("PROJECT_EXISTS", message, { dir: root, files: there });
  }
  for (const { path, text, mode = 0o644 } of files) {
    const file = join(root, path);
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode, flag: "wx" });
      chmodSync(file, mode); // the umask may have taken more away, or the folder given more
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? "unknown reason";
      throw new DataError("PROJECT_WRITE", `${file} cannot be written: ${reason}`, { file }, error);
    }
  }
  if (flags.json) io.out(jsonText({ dir: root, files: files.map((file) => file.path) }));
  else
    io.out(
      nextSteps(
        dir,
        files.map((file) => file.path),
        port,
      ),
    );
}

function nextSteps(dir: string, files: readonly string[], port: number): string {
  const enter = dir === "." ? "" : `  cd ${dir}\n`;
  return `Wrote ${files.join(", ")}

Next:
${enter}  grimoire exchange --port ${port}        # in another terminal: Bybit, on this machine
  grimoire doctor
  grimoire strategy show ./strategies/pullback.ts`;
}

function version(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
