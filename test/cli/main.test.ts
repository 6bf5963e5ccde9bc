import { describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { grimoire } from "../support/cli.ts";

describe("grimoire", () => {
  it("prints help with every command and exits 2 when called with nothing", async () => {
    const { out, code } = await grimoire();
    expect(code).toBe(2);
    for (const { name } of COMMANDS) expect(out).toContain(name);
  });

  it("exits 0 on --help and --version", async () => {
    expect(await grimoire("--help")).toMatchObject({ code: 0 });
    const { out, code } = await grimoire("--version");
    expect(code).toBe(0);
    expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("exits 2 on an unknown command or option, with one line that says which", async () => {
    expect(await grimoire("bactest")).toMatchObject({ code: 2, err: expect.stringContaining("bactest") });
    expect(await grimoire("--nope")).toMatchObject({ code: 2, err: expect.stringContaining("--nope") });
  });

  it.each(COMMANDS.map((c) => c.name))("%s --help shows options and examples", async (name) => {
    const { out, code } = await grimoire(name, "--help");
    expect(code).toBe(0);
    expect(out).toContain(`grimoire ${name}`);
    expect(out).toMatch(/example/i);
  });
});
