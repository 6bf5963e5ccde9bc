import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sweepTemporaries, writeAtomically } from "../../src/store/atomic.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-atomic-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A file system of one megabyte, or nothing where this process may not mount one. */
function withTinyDisk(work: (path: string) => Promise<void>): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), "grimoire-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path], { stdio: "ignore" });
  return work(path).finally(() => {
    execFileSync("umount", [path]);
    rmSync(path, { recursive: true });
  });
}
const canMount = (() => {
  const path = mkdtempSync(join(tmpdir(), "grimoire-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path]).status === 0;
  if (mounted) execFileSync("umount", [path]);
  rmSync(path, { recursive: true });
  return mounted;
})();

describe("writeAtomically", () => {
  it("makes the folders, writes all pieces, replaces the old file and leaves no other", async () => {
    const path = join(dir, "a/b/file");
    await writeAtomically(path, Buffer.from("old"));
    await writeAtomically(path, [Buffer.from("ne"), Buffer.from("w")]);
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(readdirSync(join(dir, "a/b"))).toEqual(["file"]);
  });

  it("keeps the old file and no remains when the pieces fail half way", async () => {
    const path = join(dir, "file");
    writeFileSync(path, "old");
    const failing = function* () {
      yield Buffer.from("half");
      throw new Error("the source broke");
    };
    await expect(writeAtomically(path, failing())).rejects.toMatchObject({ name: "DataError" });
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(dir)).toEqual(["file"]);
  });

  it("says so when the target is a directory", async () => {
    mkdirSync(join(dir, "taken"));
    await expect(writeAtomically(join(dir, "taken"), Buffer.from("x"))).rejects.toMatchObject({
      code: "FILE_IS_DIRECTORY",
    });
    expect(readdirSync(dir)).toEqual(["taken"]);
  });

  it.runIf(canMount)("reports a full disk and keeps the old file whole", () =>
    withTinyDisk(async (disk) => {
      const path = join(disk, "file");
      await writeAtomically(path, Buffer.from("old"));
      const big = [Buffer.alloc(600_000, 1), Buffer.alloc(600_000, 2)];
      await expect(writeAtomically(path, big)).rejects.toMatchObject({
        code: "DISK_FULL",
        message: expect.stringMatching(/no space left on the disk; free some .* nothing was half written$/),
      });
      expect(readFileSync(path, "utf8")).toBe("old");
      expect(readdirSync(disk)).toEqual(["file"]);
    }),
  );

  it("reports a file size limit as a full disk", () => {
    const module = join(import.meta.dirname, "../../src/store/atomic.ts");
    const code = `import { writeAtomically } from ${JSON.stringify(module)};
      await writeAtomically(process.argv[1], Buffer.alloc(300_000)).catch((error) => console.log(error.code));`;
    const limited = `trap '' XFSZ; ulimit -f 100; exec "$0" "$@"`;
    const args = ["-c", limited, process.execPath, "--input-type=module", "-e", code, join(dir, "file")];
    expect(execFileSync("sh", args, { encoding: "utf8" }).trim()).toBe("DISK_FULL");
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe("sweepTemporaries", () => {
  it("removes what killed writers left and nothing else", async () => {
    for (const name of [".2024-01.parquet.123.tmp", "2024-01.parquet", ".hidden", "x.tmp"])
      writeFileSync(join(dir, name), "");
    await sweepTemporaries(dir);
    await sweepTemporaries(join(dir, "nowhere"));
    expect(readdirSync(dir).sort()).toEqual([".hidden", "2024-01.parquet", "x.tmp"]);
  });
});
