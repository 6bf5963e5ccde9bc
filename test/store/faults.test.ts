import { describe, expect, it } from "vitest";
import { dataFault, fileFault, shown } from "../../src/store/faults.ts";

describe("dataFault", () => {
  it("names file, row, field and what to do, and keeps them as details", () => {
    const fault = dataFault("CODE", { file: "a.csv", row: 3, field: "low", value: 0 }, "must be above 0", "fix it");
    expect(fault.message).toBe("a.csv: row 3: low must be above 0; fix it");
    expect(fault).toMatchObject({
      name: "DataError",
      code: "CODE",
      details: { file: "a.csv", row: 3, field: "low", value: 0 },
    });
  });
});

describe("fileFault", () => {
  it.each([
    ["ENOENT", "FILE_MISSING"],
    ["EISDIR", "FILE_IS_DIRECTORY"],
    ["EACCES", "FILE_UNREADABLE"],
    ["ENOSPC", "DISK_FULL"],
    ["EDQUOT", "DISK_FULL"],
    ["EROFS", "DISK_READ_ONLY"],
    ["EIO", "FILE_FAILED"],
  ])("turns %s into %s and keeps the cause", (errno, code) => {
    const cause = Object.assign(new Error(`${errno}: it said no`), { code: errno });
    expect(fileFault("x.csv", cause)).toMatchObject({ code, cause, message: expect.stringMatching(/^x\.csv: .+; .+/) });
  });
});

describe("shown", () => {
  it("quotes and cuts what could break the line", () => {
    expect(shown("a\nb")).toBe('"a\\nb"');
    expect(shown("x".repeat(50))).toBe(`"${"x".repeat(37)}..."`);
  });
});
