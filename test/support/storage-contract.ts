import { describe, expect, it } from "vitest";
import { int } from "../../src/optimize/distribution.ts";
import type { Storage, StudyHeader } from "../../src/optimize/storages/storage.ts";
import { createStudy } from "../../src/optimize/study.ts";
import type { TrialRecord } from "../../src/optimize/trial.ts";

const HEADER: StudyHeader = {
  name: "trend",
  directions: ["maximize"],
  sampler: "random",
  seed: "7",
  fingerprint: "rsi-trend on BTCUSDT 60",
  about: { strategy: "rsi-trend", data: "BTCUSDT" },
  space: { n: int(1, 9) },
};
const OPEN = { ifExists: "resume", takeOver: false, now: 1000 } as const;

function trial(number: number, more: Partial<TrialRecord> = {}): TrialRecord {
  return {
    number,
    state: "running",
    params: { n: number + 1 },
    space: HEADER.space!,
    values: null,
    constraints: null,
    metrics: null,
    reason: null,
    askedAt: 10 + number,
    toldAt: null,
    ...more,
  };
}

const TOLD = [
  trial(0, {
    state: "complete",
    values: [0.1 + 0.2],
    constraints: [-1, 1e-300],
    metrics: { a: [1, null] },
    toldAt: 20,
  }),
  trial(1, { state: "pruned", values: [-1e300], reason: "slow", toldAt: 21 }),
  trial(2, { state: "failed", reason: 'threw: "x"\n', toldAt: 22 }),
  trial(3, { state: "waiting", params: { n: 4 }, space: {}, askedAt: null }),
];

/** What every storage must hold. `make` gives an empty one each time. */
export function storageContract(name: string, make: () => Storage): void {
  describe(`${name} as a storage`, () => {
    it("gives back what was written, digit for digit", () => {
      const storage = make();
      const log = storage.openStudy(HEADER, OPEN);
      expect(log.found).toEqual({ ...HEADER, trials: [] });
      log.write([trial(0), trial(1), trial(2)]);
      log.write(TOLD);
      expect(storage.readStudy("trend")).toEqual({ ...HEADER, trials: TOLD });
      log.close();
      expect(storage.openStudy(HEADER, OPEN).found).toEqual({ ...HEADER, trials: TOLD });
      storage.close();
    });

    it("lets trials wait that were running when a study is opened again, and fails them the second time", () => {
      const storage = make();
      const first = storage.openStudy(HEADER, OPEN);
      first.write([trial(0), trial(1)]);
      first.close();
      const second = storage.openStudy(HEADER, { ...OPEN, now: 77 });
      const waiting = [0, 1].map((k) => trial(k, { state: "waiting", reason: "abandoned", askedAt: null }));
      expect(second.found.trials).toEqual(waiting);
      second.write([trial(0, { reason: "abandoned" })]);
      second.close();
      const third = storage.openStudy(HEADER, { ...OPEN, now: 78 });
      expect(third.found.trials).toEqual([trial(0, { state: "failed", reason: "abandoned", toldAt: 78 }), waiting[1]]);
      storage.close();
    });

    it("refuses a study of another fingerprint, space or direction, naming both, and changes nothing", () => {
      const storage = make();
      storage.openStudy(HEADER, OPEN).close();
      const others: [Partial<StudyHeader>, string, string][] = [
        [{ fingerprint: "ensemble on ETHUSDT 60" }, "ensemble on ETHUSDT 60", "rsi-trend on BTCUSDT 60"],
        [{ space: { n: int(1, 10) } }, '"max":10', '"max":9'],
        [{ directions: ["minimize"] }, "minimize", "maximize"],
      ];
      for (const [other, wanted, stored] of others) {
        const open = () => storage.openStudy({ ...HEADER, ...other }, OPEN);
        expect(open).toThrow(expect.objectContaining({ code: "STUDY_MISMATCH", name: "ConfigError" }));
        expect(open).toThrow(wanted);
        expect(open).toThrow(stored);
      }
      expect(storage.readStudy("trend")).toEqual({ ...HEADER, trials: [] });
      storage.close();
    });

    it("keeps the stored fingerprint and space when the opener names none", () => {
      const storage = make();
      storage.openStudy(HEADER, OPEN).close();
      storage.openStudy({ ...HEADER, fingerprint: null, about: null, space: null, sampler: "tpe" }, OPEN).close();
      expect(storage.readStudy("trend")).toEqual({ ...HEADER, sampler: "tpe", trials: [] });
      storage.close();
    });

    it("lets one writer in at a time, and another in after close or a takeover", () => {
      const storage = make();
      const log = storage.openStudy(HEADER, OPEN);
      const again = () => storage.openStudy(HEADER, OPEN);
      expect(again).toThrow(expect.objectContaining({ code: "STUDY_BUSY" }));
      expect(() => storage.deleteStudy("trend")).toThrow(expect.objectContaining({ code: "STUDY_BUSY" }));
      const taker = storage.openStudy(HEADER, { ...OPEN, takeOver: true });
      expect(() => log.write([trial(0)])).toThrow(expect.objectContaining({ code: "STUDY_NOT_OPEN" }));
      log.close(); // no longer its to close
      expect(again).toThrow(expect.objectContaining({ code: "STUDY_BUSY" }));
      taker.close();
      expect(() => taker.write([trial(0)])).toThrow(expect.objectContaining({ code: "STUDY_NOT_OPEN" }));
      again().write([trial(0)]);
      expect(storage.readStudy("trend")?.trials).toEqual([trial(0)]);
      storage.close();
    });

    it("refuses an existing study when asked to", () => {
      const storage = make();
      storage.openStudy(HEADER, OPEN).close();
      expect(() => storage.openStudy(HEADER, { ...OPEN, ifExists: "refuse" })).toThrow(
        expect.objectContaining({ code: "STUDY_EXISTS" }),
      );
      storage.close();
    });

    it("lists and deletes studies", () => {
      const storage = make();
      const log = storage.openStudy(HEADER, OPEN);
      log.write(TOLD);
      log.close();
      storage.openStudy({ ...HEADER, name: "other" }, { ...OPEN, now: 2000 }).close();
      const none = { waiting: 0, running: 0, complete: 0, pruned: 0, failed: 0 };
      const first = { ...HEADER, createdAt: 1000, trials: { ...none, waiting: 1, complete: 1, pruned: 1, failed: 1 } };
      const second = { ...HEADER, name: "other", createdAt: 2000, trials: none };
      expect(storage.listStudies()).toEqual([first, second]);
      expect([storage.deleteStudy("trend"), storage.deleteStudy("trend")]).toEqual([true, false]);
      expect(storage.readStudy("trend")).toBeNull();
      expect(storage.listStudies()).toEqual([second]);
      storage.close();
    });

    it("counts different evaluations per data over all studies, also after a study is deleted", () => {
      const storage = make();
      expect(storage.evaluationsOf("BTCUSDT")).toBe(0);
      expect(storage.recordEvaluations("BTCUSDT", ["a", "b", "c"])).toBe(3);
      expect(storage.recordEvaluations("BTCUSDT", ["b", "d", "d"])).toBe(4);
      expect(storage.recordEvaluations("ETHUSDT", [])).toBe(0);
      storage.openStudy(HEADER, OPEN).close();
      storage.deleteStudy("trend");
      expect([storage.evaluationsOf("BTCUSDT"), storage.evaluationsOf("ETHUSDT")]).toEqual([4, 0]);
      storage.close();
    });

    it("is of no use once closed", () => {
      const storage = make();
      const log = storage.openStudy(HEADER, OPEN);
      storage.close();
      for (const use of [
        () => storage.readStudy("trend"),
        () => storage.listStudies(),
        () => storage.recordEvaluations("x", ["a"]),
        () => storage.openStudy(HEADER, OPEN),
        () => log.write([trial(0)]),
      ]) {
        expect(use).toThrow(expect.objectContaining({ code: "STORAGE_CLOSED" }));
      }
      storage.close();
    });

    it("serves a study from creation to resume", () => {
      const storage = make();
      const options = { name: "s", direction: "maximize", space: { n: int(1, 9) }, seed: 3, storage } as const;
      const study = createStudy(options);
      study.tellBatch(study.askBatch(20).map((each) => [each, { value: -(((each.params.n as number) - 4) ** 2) }]));
      study.close();
      const again = createStudy({ ...options, space: { n: int(1, 9) } });
      expect(again.trials).toEqual(study.trials);
      expect(again.bestTrial).toEqual(study.bestTrial);
      storage.close();
    });
  });
}
