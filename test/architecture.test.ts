import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

/** Which rooms a room may import. A room that is not listed here may not exist. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  core: [],
  model: ["core"],
  indicators: ["core"],
  optimize: ["core"],
  metrics: ["core", "model"],
  risk: ["core", "model"],
  config: ["core", "model", "risk"],
  bybit: ["core", "model"],
  matching: ["core", "model"],
  strategy: ["core", "model", "indicators"],
  strategies: ["strategy"],
  engine: ["core", "model", "strategy", "risk"],
  store: ["core", "model"],
  simulator: ["core", "model", "matching"],
  backtest: ["core", "model", "indicators", "strategy", "risk", "metrics", "matching", "engine"],
  live: ["core", "model", "strategy", "risk", "engine", "bybit"],
  research: ["core", "model", "strategy", "strategies", "metrics", "backtest", "optimize"],
  report: ["core", "model", "metrics", "backtest"],
};
/** Rooms that wire the others together. */
const WIRING = ["cli", "index.ts", "authoring.ts"];

/** Packages that exactly these rooms may import. */
const OWNED: Record<string, readonly string[]> = {
  commander: ["cli"],
  "cli-table3": ["report"],
  fastify: ["simulator"],
  ws: ["simulator"],
  hyparquet: ["store"],
  "hyparquet-writer": ["store"],
  "hyparquet-compressors": ["store"],
  zod: ["config", "bybit"],
  yaml: ["config"],
  "bybit-api": ["bybit"],
};
/** Built-in modules that touch the world, and the rooms that may. The rest of the rooms are pure. */
const EFFECTS = /^node:(fs|net|http|https|child_process|worker_threads|sqlite|os|timers)/;
const MAY_TOUCH_THE_WORLD = [
  "config",
  "bybit",
  "store",
  "optimize",
  "research",
  "backtest",
  "simulator",
  "live",
  "strategy",
  "report",
  ...WIRING,
];

const SRC = join(import.meta.dirname, "../src");
const files = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
const roomOf = (file: string) => file.split("/")[0]!;
const importsOf = (file: string) =>
  [
    ...readFileSync(join(SRC, file), "utf8").matchAll(
      /^(?:import|export)\b[^"';]*?from "([^"]+)"|\bimport\("([^"]+)"\)/gm,
    ),
  ].map((m) => m[1] ?? m[2]!);

describe("architecture", () => {
  it.each(files)("%s imports only what its room may", (file) => {
    const room = roomOf(file);
    if (!WIRING.includes(room)) expect(MAY_IMPORT, `room ${room}`).toHaveProperty(room);
    for (const spec of importsOf(file)) {
      if (spec.startsWith(".")) {
        const target = roomOf(relative(SRC, join(SRC, dirname(file), spec)));
        if (target !== room && !WIRING.includes(room))
          expect(MAY_IMPORT[room], `${file} -> ${target}`).toContain(target);
      } else if (spec.startsWith("node:")) {
        expect(builtinModules, spec).toContain(spec.slice(5).split("/")[0] === "sqlite" ? spec : spec.slice(5));
        if (EFFECTS.test(spec)) expect(MAY_TOUCH_THE_WORLD, `${file} uses ${spec}`).toContain(room);
      } else {
        expect(OWNED, `${file} uses ${spec}, which no room owns`).toHaveProperty([spec]);
        expect(OWNED[spec], `${spec} in ${file}`).toContain(room);
      }
    }
  });

  it("has no circle of files", () => {
    const edges = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((spec) => spec.startsWith("."))
          .map((spec) => relative(SRC, join(SRC, dirname(file), spec))),
      ]),
    );
    const state = new Map<string, "open" | "done">();
    const visit = (file: string, path: string[]): void => {
      if (state.get(file) === "done") return;
      expect(state.get(file), `circle: ${[...path, file].join(" -> ")}`).not.toBe("open");
      state.set(file, "open");
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
  });

  it("keeps files under the wall of 400 lines", () => {
    const long = files.filter((f) => readFileSync(join(SRC, f), "utf8").split("\n").length > 401);
    expect(long).toEqual([]);
  });
});
