import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { DataError } from "../../core/errors.ts";
import type { Params, Space } from "../space.ts";
import { ABANDONED, type Direction, type Json, type Metrics, type TrialRecord, type TrialState } from "../trial.ts";
import { merged } from "./memory.ts";
import { describeOwner, maybeAlive, type Owner, thisProcess } from "./owner.ts";
import { withStorageErrors } from "./sqlite-errors.ts";
import { prepareSchema } from "./sqlite-schema.ts";
import {
  checkSameStudy,
  type OpenOptions,
  type Storage,
  type StudyHeader,
  type StudyLog,
  type StudyRecord,
  type StudySummary,
  storageClosed,
  studyBusy,
  studyExists,
  studyNotOpen,
} from "./storage.ts";

export interface SqliteOptions {
  /**
   * What a told trial survives. `process`: a crash of this process or any other. `power`: also of the machine,
   * at the price of waiting for the disk with every tell. Default `process`.
   */
  readonly survives?: "process" | "power";
  /** How long to wait for another process that is writing. Default 5,000. */
  readonly busyTimeoutMs?: number;
  /** Refuse to create the file. */
  readonly mustExist?: boolean;
}

/**
 * Studies in an SQLite file (WAL), created with its folder where missing.
 *
 * One process at a time writes a study, several may write different studies of one file, all may read.
 * Every change is one transaction.
 *
 * @throws DataError the `STORAGE_…` codes
 */
export function sqliteStorage(file: string, options: SqliteOptions = {}): Storage {
  return withStorageErrors(file, () => new SqliteStorage(file, options));
}

type Row = Record<string, SQLOutputValue>;

class SqliteStorage implements Storage {
  private readonly file: string;
  private readonly db: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private readonly spaceIds = new SpaceIds();

  constructor(file: string, { survives = "process", busyTimeoutMs = 5000, mustExist = false }: SqliteOptions) {
    this.file = file;
    if (mustExist && !existsSync(file)) {
      throw new DataError("STORAGE_MISSING", `no studies at ${file}; name the file with --storage`, { file });
    }
    makeFolder(file);
    this.db = new DatabaseSync(file, { timeout: busyTimeoutMs });
    try {
      this.db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${survives === "power" ? "FULL" : "NORMAL"}`);
      prepareSchema(this.db, file);
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  openStudy(header: StudyHeader, options: OpenOptions): StudyLog {
    return this.transaction(() => {
      const row = this.get("SELECT * FROM studies WHERE name = ?", header.name);
      const owner = JSON.stringify(thisProcess());
      if (!row) {
        const id = Number(
          this.run(
            "INSERT INTO studies (name, directions, sampler, seed, fingerprint, about, space, created_at, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            header.name,
            ...headerColumns(header),
            options.now,
            owner,
          ).lastInsertRowid,
        );
        return this.log(id, owner, { ...header, trials: [] });
      }
      const id = Number(row.id);
      const kept = this.reopen(row, header, options);
      this.run(
        "UPDATE studies SET directions = ?, sampler = ?, seed = ?, fingerprint = ?, about = ?, space = ?, owner = ? WHERE id = ?",
        ...headerColumns(kept),
        owner,
        id,
      );
      // The first line sees only those that were abandoned before, and leaves none of them to the second.
      this.run(
        "UPDATE trials SET state = 'failed', told_at = ? WHERE study_id = ? AND state = 'running' AND reason = ?",
        options.now,
        id,
        ABANDONED,
      );
      this.run(
        "UPDATE trials SET state = 'waiting', reason = ?, asked_at = NULL WHERE study_id = ? AND state = 'running'",
        ABANDONED,
        id,
      );
      return this.log(id, owner, { ...kept, trials: this.trials(id) });
    });
  }

  readStudy(name: string): StudyRecord | null {
    return this.guarded(() => {
      const row = this.get("SELECT * FROM studies WHERE name = ?", name);
      return row ? { ...this.header(row), trials: this.trials(Number(row.id)) } : null;
    });
  }

  listStudies(): StudySummary[] {
    return this.guarded(() =>
      this.all("SELECT * FROM studies ORDER BY id").map((row) => {
        const counts: Record<TrialState, number> = { waiting: 0, running: 0, complete: 0, pruned: 0, failed: 0 };
        const id = Number(row.id);
        for (const group of this.all("SELECT state, count(*) AS n FROM trials WHERE study_id = ? GROUP BY state", id)) {
          counts[group.state as TrialState] = Number(group.n);
        }
        return { ...this.header(row), createdAt: Number(row.created_at), trials: counts };
      }),
    );
  }

  deleteStudy(name: string): boolean {
    return this.transaction(() => {
      const row = this.get("SELECT id, owner FROM studies WHERE name = ?", name);
      if (!row) return false;
      refuseIfOwned(name, row.owner);
      this.run("DELETE FROM trials WHERE study_id = ?", Number(row.id));
      this.run("DELETE FROM studies WHERE id = ?", Number(row.id));
      return true;
    });
  }

  recordEvaluations(dataKey: string, evaluations: readonly string[]): number {
    return this.transaction(() => {
      for (const evaluation of evaluations) {
        this.run("INSERT OR IGNORE INTO evaluations (data_key, evaluation) VALUES (?, ?)", dataKey, evaluation);
      }
      return this.countEvaluations(dataKey);
    });
  }

  evaluationsOf(dataKey: string): number {
    return this.guarded(() => this.countEvaluations(dataKey));
  }

  private countEvaluations(dataKey: string): number {
    return Number(this.get("SELECT count(*) AS made FROM evaluations WHERE data_key = ?", dataKey)!.made);
  }

  close(): void {
    if (this.db.isOpen) withStorageErrors(this.file, () => this.db.close());
  }

  private reopen(row: Row, wanted: StudyHeader, { ifExists, takeOver }: OpenOptions): StudyHeader {
    if (ifExists === "refuse") throw studyExists(wanted.name);
    const stored = this.header(row);
    checkSameStudy(stored, wanted);
    if (!takeOver) refuseIfOwned(wanted.name, row.owner);
    return merged(stored, wanted);
  }

  private log(id: number, owner: string, found: StudyRecord): StudyLog {
    const put = (trial: TrialRecord): void => {
      const { changes } = this.run(
        "INSERT OR REPLACE INTO trials SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM studies WHERE id = ? AND owner = ?",
        trial.number,
        trial.state,
        JSON.stringify(trial.params),
        this.spaceId(trial.space),
        orNull(trial.values),
        orNull(trial.constraints),
        orNull(trial.metrics),
        trial.reason,
        trial.askedAt,
        trial.toldAt,
        id,
        owner,
      );
      if (changes === 0) throw studyNotOpen(found.name);
    };
    return {
      found,
      write: (trials) => {
        // A single statement is a transaction of its own; more only for batches and spaces not yet stored.
        const single = trials.length === 1 && this.spaceIds.get(trials[0]!.space) !== undefined;
        if (single) this.guarded(() => put(trials[0]!));
        else if (trials.length > 0) this.transaction(() => trials.forEach(put));
      },
      close: () => {
        if (!this.db.isOpen) return;
        this.guarded(() => this.run("UPDATE studies SET owner = NULL WHERE id = ? AND owner = ?", id, owner));
      },
    };
  }

  private spaceId(space: Space): number {
    const known = this.spaceIds.get(space);
    if (known !== undefined) return known;
    const json = JSON.stringify(space);
    this.run("INSERT OR IGNORE INTO spaces (json) VALUES (?)", json);
    const id = Number(this.get("SELECT id FROM spaces WHERE json = ?", json)!.id);
    this.spaceIds.set(space, id);
    return id;
  }

  private header(row: Row): StudyHeader {
    return {
      name: String(row.name),
      directions: this.parse(row.directions) as readonly Direction[],
      sampler: String(row.sampler),
      seed: String(row.seed),
      fingerprint: row.fingerprint === null ? null : String(row.fingerprint),
      about: row.about === null ? null : (this.parse(row.about) as Json),
      space: row.space === null ? null : (this.parse(row.space) as Space),
    };
  }

  private trials(studyId: number): TrialRecord[] {
    const spaces = new Map<number, Space>();
    const space = (id: number): Space => {
      const known = spaces.get(id);
      if (known) return known;
      const parsed = this.parse(this.get("SELECT json FROM spaces WHERE id = ?", id)?.json) as Space;
      spaces.set(id, parsed);
      this.spaceIds.set(parsed, id);
      return parsed;
    };
    const rows = this.all("SELECT * FROM trials WHERE study_id = ? ORDER BY number", studyId);
    return rows.map((row, k) => {
      if (row.number !== k) throw this.damaged(`trial ${k} is missing`);
      return {
        number: k,
        state: row.state as TrialState,
        params: this.parse(row.params) as Params,
        space: space(Number(row.space_id)),
        values: row.value_list === null ? null : (this.parse(row.value_list) as number[]),
        constraints: row.constraint_list === null ? null : (this.parse(row.constraint_list) as number[]),
        metrics: row.metrics === null ? null : (this.parse(row.metrics) as Metrics),
        reason: row.reason as string | null,
        askedAt: row.asked_at as number | null,
        toldAt: row.told_at as number | null,
      };
    });
  }

  private parse(text: SQLOutputValue | undefined): unknown {
    try {
      return JSON.parse(String(text));
    } catch {
      throw this.damaged(`unreadable text ${JSON.stringify(String(text).slice(0, 40))}`);
    }
  }

  private damaged(what: string): DataError {
    return new DataError("STORAGE_CORRUPT", `study storage ${this.file} is damaged: ${what}; restore it from a copy`, {
      file: this.file,
    });
  }

  private transaction<T>(work: () => T): T {
    return this.guarded(() => {
      this.run("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.run("COMMIT");
        return result;
      } catch (error) {
        this.spaceIds.clear(); // those inserted just now are gone again
        if (this.db.isTransaction) this.run("ROLLBACK");
        throw error;
      }
    });
  }

  private guarded<T>(work: () => T): T {
    if (!this.db.isOpen) throw storageClosed();
    return withStorageErrors(this.file, work);
  }

  private run(sql: string, ...values: (string | number | null)[]) {
    return this.statement(sql).run(...values);
  }

  private get(sql: string, ...values: (string | number | null)[]): Row | undefined {
    return this.statement(sql).get(...values);
  }

  private all(sql: string, ...values: (string | number | null)[]): Row[] {
    return this.statement(sql).all(...values);
  }

  private statement(sql: string): StatementSync {
    const known = this.statements.get(sql);
    if (known) return known;
    const fresh = this.db.prepare(sql);
    this.statements.set(sql, fresh);
    return fresh;
  }
}

/** Ids of spaces already stored: by identity, for all trials of a fixed space share one object, else by text. */
class SpaceIds {
  private byObject = new WeakMap<Space, number>();
  private byText = new Map<string, number>();

  get(space: Space): number | undefined {
    return this.byObject.get(space) ?? this.byText.get(JSON.stringify(space));
  }

  set(space: Space, id: number): void {
    this.byObject.set(space, id);
    this.byText.set(JSON.stringify(space), id);
  }

  clear(): void {
    this.byObject = new WeakMap();
    this.byText = new Map();
  }
}

function headerColumns({ directions, sampler, seed, fingerprint, about, space }: StudyHeader): (string | null)[] {
  return [JSON.stringify(directions), sampler, seed, fingerprint, orNull(about), orNull(space)];
}

function orNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function refuseIfOwned(name: string, owner: SQLOutputValue | undefined): void {
  if (typeof owner !== "string") return;
  const known = JSON.parse(owner) as Owner;
  if (maybeAlive(known)) throw studyBusy(name, describeOwner(known));
}

function makeFolder(file: string): void {
  if (file === ":memory:") return;
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (cause) {
    throw new DataError(
      "STORAGE_UNWRITABLE",
      `the folder of study storage ${file} cannot be made; choose a place this user may write to`,
      { file },
      cause,
    );
  }
}
