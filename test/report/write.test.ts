import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeReport } from "../../src/report/write.ts";

const folder = mkdtempSync(join(tmpdir(), "report-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A disk that takes half of a text and then fails with `code`. */
const failing =
  (code: string): typeof writeFileSync =>
  (file, text) => {
    writeFileSync(file, String(text).slice(0, 3));
    throw Object.assign(new Error(`${code}: no`), { code });
  };

describe("writeReport", () => {
  it("writes a file, and replaces it", () => {
    const path = join(folder, "a.csv");
    writeReport(path, "one\n");
    writeReport(path, "two\n");
    expect(readFileSync(path, "utf8")).toBe("two\n");
  });

  it.each([
    ["ENOSPC", "DISK_FULL", "the disk is full"],
    ["EACCES", "FILE_DENIED", "no permission in"],
    ["EIO", "FILE_NOT_WRITTEN", "EIO"],
  ])("leaves what was there, and no half file, on %s", (code, ours, words) => {
    const path = join(folder, `${code}.csv`);
    writeReport(path, "before");
    expect(() => writeReport(path, "after", failing(code))).toThrow(
      expect.objectContaining({ code: ours, message: expect.stringContaining(words) }),
    );
    expect(readFileSync(path, "utf8")).toBe("before");
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("refuses a folder in place of a file, and a folder that is not there", () => {
    expect(() => writeReport(folder, "x")).toThrow(
      expect.objectContaining({ name: "ArgumentError", code: "FILE_IS_FOLDER" }),
    );
    expect(() => writeReport("-", "x")).toThrow(expect.objectContaining({ code: "FILE_NAME" }));
    expect(() => writeReport(join(folder, "none", "a.csv"), "x")).toThrow(
      expect.objectContaining({ name: "ArgumentError", code: "FOLDER_MISSING" }),
    );
  });

  it("writes through a link to the file it points at, and into a device without replacing it", () => {
    const path = join(folder, "target.csv");
    writeReport(path, "old");
    symlinkSync(path, join(folder, "link.csv"));
    writeReport(join(folder, "link.csv"), "new");
    expect(readFileSync(path, "utf8")).toBe("new");
    writeReport("/dev/null", "gone");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });
});
