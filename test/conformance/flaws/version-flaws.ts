/** Engines that mistake versions, deletions, expiry or pages. */
import { compareBytes } from "../../../src/model/bytes.ts";
import { KvError } from "../../../src/model/error.ts";
import { ALL_KEYS } from "../../../src/model/range.ts";
import { compareVersions, RANK_DELETE, type Version } from "../../../src/model/version.ts";
import { applyToRecord, type MemoryRecord } from "../../../src/engines/memory/memory-record.ts";
import { sweepTable } from "../../../src/engines/memory/memory-verbs.ts";
import type { KeyedRow } from "../../../src/engines/memory/sorted-rows.ts";
import type { Mutation, MutationOutcome } from "../../../src/ports/storage-engine.ts";
import { forgetsDeletions, lastArrivalWins, sortsSigned } from "../broken-engines.ts";
import { adapterFlaw, engineFlaw, type Flaw } from "./flaw.ts";
import type { Replacements } from "./flawed-memory.ts";

const APPLIED: MutationOutcome = { kind: "applied" };

/** A replacement of versions as they arrive, which distorts the order. */
const versions = (change: (version: Version, mutation: Mutation) => Version): Replacements => ({
  mutation: (mutation) => {
    if (mutation.kind !== "put") {
      return { ...mutation, version: change(mutation.version, mutation) };
    }
    return {
      kind: "put",
      row: { ...mutation.row, version: change(mutation.row.version, mutation) },
    };
  },
});

/** Puts elect between the present row and the arriving one in their own way. */
const puts = (wins: (present: KeyedRow, arriving: KeyedRow) => boolean): Replacements => ({
  apply: (record, mutation) => {
    const present = mutation.kind === "put" ? record.rows.get(mutation.row.key) : undefined;
    if (mutation.kind !== "put" || present === undefined || present.version.rank === RANK_DELETE) {
      return applyToRecord(record, mutation);
    }
    const arriving: KeyedRow = { ...mutation.row, removeAt: 0 };
    if (!wins(present, arriving)) return { kind: "superseded" };
    record.rows.set(arriving);
    return APPLIED;
  },
});

const tie = (a: KeyedRow, b: KeyedRow): boolean => a.version.time === b.version.time;
const newer = (a: KeyedRow, b: KeyedRow): boolean => compareVersions(b.version, a.version) >= 0;

/** Takes value and metadata each from whom it likes better, as a store of cells does. */
function blend(record: MemoryRecord, mutation: Mutation): MutationOutcome {
  const present = mutation.kind === "put" ? record.rows.get(mutation.row.key) : undefined;
  if (mutation.kind !== "put" || present?.version.time !== mutation.row.version.time) {
    return applyToRecord(record, mutation);
  }
  const { value, metadata, version } = mutation.row;
  record.rows.set({
    ...present,
    value: compareBytes(value, present.value) > 0 ? value : present.value,
    metadata: compareBytes(metadata, present.metadata) > 0 ? metadata : present.metadata,
    version: compareVersions(version, present.version) > 0 ? version : present.version,
  });
  return APPLIED;
}

/** Deletes what is there, whatever its version, and keeps the usual trace as well. */
function deletesNewer(record: MemoryRecord, mutation: Mutation): MutationOutcome {
  if (mutation.kind === "put") return applyToRecord(record, mutation);
  const doomed: Uint8Array[] = [];
  record.rows.visit(mutation.kind === "delete_range" ? mutation.range : ALL_KEYS, false, (row) => {
    if (mutation.kind !== "delete_key" || compareBytes(row.key, mutation.key) === 0) {
      doomed.push(row.key);
    }
    return true;
  });
  for (const key of doomed) record.rows.delete(key);
  return applyToRecord(record, mutation);
}

export const versionFlaws: readonly Flaw[] = [
  adapterFlaw("last arrival wins", lastArrivalWins),
  adapterFlaw("forgets deletions", forgetsDeletions),
  adapterFlaw("sorts signed", sortsSigned),
  engineFlaw(
    "counts versions in milliseconds",
    versions((version) => ({ ...version, time: Math.floor(version.time / 1000) * 1000 })),
  ),
  engineFlaw(
    "counts deletions a tick early",
    versions((version, { kind }) =>
      kind === "put" ? version : { ...version, time: version.time - 1 },
    ),
  ),
  engineFlaw(
    "counts deletions a tick late",
    versions((version, { kind }) =>
      kind === "put" ? version : { ...version, time: version.time + 1 },
    ),
  ),
  engineFlaw(
    "first arrival wins ties",
    puts((a, b) => (tie(a, b) ? false : newer(a, b))),
  ),
  engineFlaw(
    "last arrival wins ties",
    puts((a, b) => tie(a, b) || newer(a, b)),
  ),
  engineFlaw(
    "the greater value wins ties",
    puts((a, b) => (tie(a, b) ? compareBytes(b.value, a.value) > 0 : newer(a, b))),
  ),
  engineFlaw(
    "nonces are signed",
    puts((a, b) =>
      tie(a, b)
        ? ((b.version.nonce[0] ?? 0) ^ 0x80) > ((a.version.nonce[0] ?? 0) ^ 0x80)
        : newer(a, b),
    ),
  ),
  engineFlaw(
    "rank does not count",
    puts((a, b) => (tie(a, b) ? compareBytes(b.version.nonce, a.version.nonce) > 0 : newer(a, b))),
  ),
  engineFlaw(
    "expiries count in seconds",
    puts((a, b) =>
      tie(a, b) && near(a, b) ? compareBytes(b.version.nonce, a.version.nonce) > 0 : newer(a, b),
    ),
  ),
  engineFlaw("blends writers of a tie", { apply: blend }),
  engineFlaw("deletes what is newer too", { apply: deletesNewer }),
  engineFlaw("puts clear deletions for good", {
    apply: (record, mutation) => {
      const outcome = applyToRecord(record, mutation);
      if (mutation.kind === "put" && outcome.kind === "applied") record.tombstones = [];
      return outcome;
    },
  }),
  engineFlaw("keeps the eight newest range deletions", {
    apply: (record, mutation) => {
      const outcome = applyToRecord(record, mutation);
      record.tombstones = record.tombstones.slice(-8);
      return outcome;
    },
  }),
  engineFlaw("deletes nothing", { mutations: (all) => all.filter(({ kind }) => kind === "put") }),
  engineFlaw("deletes no ranges", {
    mutations: (all) => all.filter(({ kind }) => kind !== "delete_range"),
  }),
  engineFlaw("deletes the first key only", {
    mutations: (all) => (all[0]?.kind === "delete_key" ? all.slice(0, 1) : all),
  }),
  engineFlaw("refuses to delete what is not there", {
    apply: (record, mutation) => {
      if (mutation.kind === "delete_key" && record.rows.get(mutation.key) === undefined) {
        throw new KvError("INTERNAL", "no such item", { applied: "no" });
      }
      return applyToRecord(record, mutation);
    },
  }),
  engineFlaw("never puts over a deletion", {
    apply: (record, mutation) => {
      const present = mutation.kind === "put" ? record.rows.get(mutation.row.key) : undefined;
      return present?.removeAt ? { kind: "superseded" } : applyToRecord(record, mutation);
    },
  }),
  engineFlaw("answers a superseded write as an error", {
    outcome: (outcome) =>
      outcome.kind === "superseded"
        ? { kind: "failed", error: new KvError("INTERNAL", "condition failed", { applied: "no" }) }
        : outcome,
  }),
  engineFlaw("answers a repeat as an error", {
    apply: (record, mutation) => {
      const present = mutation.kind === "put" ? record.rows.get(mutation.row.key) : undefined;
      if (
        mutation.kind === "put" &&
        present !== undefined &&
        compareVersions(present.version, mutation.row.version) === 0
      ) {
        return {
          kind: "failed",
          error: new KvError("INTERNAL", "already there", { applied: "no" }),
        };
      }
      return applyToRecord(record, mutation);
    },
  }),
  engineFlaw("answers a repeated deletion as an error", {
    apply: (record, mutation) => {
      const seen = record.tombstones.some(
        ({ version }) =>
          mutation.kind !== "put" && compareVersions(version, mutation.version) === 0,
      );
      if (seen) throw new KvError("INTERNAL", "already deleted", { applied: "no" });
      return applyToRecord(record, mutation);
    },
  }),
  engineFlaw("answers superseded as applied", { outcome: () => APPLIED }),
  engineFlaw("answers one outcome for all", {
    mutations: (all) => all.slice(-1),
  }),
  engineFlaw("writes item by item", { pause: () => Promise.resolve() }),
  engineFlaw("stops at the first superseded item", stopping()),
  engineFlaw(
    "loses the expiry",
    versions((version) => ({ ...version, expiry: 0 })),
  ),
  engineFlaw(
    "expires on whole seconds",
    versions((version) => ({ ...version, expiry: Math.floor(version.expiry / 1e6) * 1e6 })),
  ),
  engineFlaw(
    "expires a second late",
    versions((version) => ({
      ...version,
      expiry: version.expiry === 0 ? 0 : version.expiry + 1e6,
    })),
  ),
  engineFlaw("keeps the older expiry", {
    mutation: (mutation) => mutation,
    apply: (record, mutation) => {
      const present = mutation.kind === "put" ? record.rows.get(mutation.row.key) : undefined;
      const outcome = applyToRecord(record, mutation);
      const row = present && record.rows.get(present.key);
      if (present?.version.expiry && row) {
        record.rows.set({ ...row, version: { ...row.version, expiry: present.version.expiry } });
      }
      return outcome;
    },
  }),
  engineFlaw("moves the expiry with every attempt", {
    apply: (record, mutation, now) => {
      if (mutation.kind !== "put" || mutation.row.version.expiry === 0) {
        return applyToRecord(record, mutation);
      }
      const { row } = mutation;
      const expiry = now + row.version.expiry - row.version.time;
      return applyToRecord(record, {
        kind: "put",
        row: { ...row, version: { ...row.version, expiry } },
      });
    },
  }),
  engineFlaw("takes expired rows for absent", {
    apply: (record, mutation, now) => {
      if (mutation.kind === "put") {
        const present = record.rows.get(mutation.row.key);
        if (present && present.version.expiry !== 0 && present.version.expiry <= now) {
          record.rows.delete(present.key);
        }
      }
      return applyToRecord(record, mutation);
    },
  }),
  engineFlaw("drops puts that expired on the way", {
    apply: (record, mutation, now) => {
      const { expiry } = mutation.kind === "put" ? mutation.row.version : { expiry: 0 };
      return expiry !== 0 && expiry <= now ? APPLIED : applyToRecord(record, mutation);
    },
  }),
  engineFlaw("cannot count past 2038", {
    mutation: (mutation) =>
      mutation.kind === "put" && mutation.row.version.expiry > 2 ** 31 * 1e6
        ? { kind: "put", row: { ...mutation.row, version: { ...mutation.row.version, expiry: 1 } } }
        : mutation,
  }),
  engineFlaw("sweeps deletions at once", {
    sweep: (tables, request, now) =>
      sweepTable(tables, { ...request, retention: 0 }, now + 86_400e6),
  }),
  engineFlaw("sweeps expired rows at once", {
    sweep: (tables, request, now) => sweepTable(tables, { ...request, retention: 0 }, now),
  }),
  engineFlaw("sweeps newer puts with the deletion", {
    sweep: (tables, request, now) => {
      for (const record of tables.records(request.table).values()) sweepSecond(record, now);
      return { rowsExamined: 0, rowsRemoved: 0, cursor: undefined };
    },
  }),
  engineFlaw("shows deleted rows by key", {
    keysPage: (page, read, record) => ({
      ...page,
      rows: read.keys.flatMap((key) => {
        const row = record.rows.get(key);
        return row === undefined ? [] : [row];
      }),
    }),
  }),
  engineFlaw("shows covered rows", {
    rangePage: (page, read, record) => {
      const rows: KeyedRow[] = [];
      record.rows.visit(read.range, read.reverse, (row) => {
        if (rows.length < read.rowLimit && row.removeAt === 0) rows.push(row);
        return rows.length < read.rowLimit;
      });
      return { ...page, rows };
    },
  }),
];

export const pageFlaws: readonly Flaw[] = [
  engineFlaw("ends at a dead row", {
    rangePage: (page) => (page.rows.length === 0 ? { ...page, resumeAfter: undefined } : page),
  }),
  engineFlaw("ends at the row limit", {
    rangePage: (page) => ({ ...page, resumeAfter: undefined }),
  }),
  engineFlaw("resumes at the last row again", {
    rangePage: (page, { reverse, rowLimit }) =>
      page.resumeAfter === undefined || reverse || rowLimit < 2
        ? page
        : { ...page, resumeAfter: page.resumeAfter.slice(0, -1) },
  }),
  engineFlaw("skips extensions of the last key", {
    rangePage: (page, { reverse }) =>
      page.resumeAfter === undefined || reverse
        ? page
        : { ...page, resumeAfter: new Uint8Array([...page.resumeAfter, 0x01]) },
  }),
  engineFlaw("starts after extensions of the start", {
    rangeRead: (read) => {
      const { start, end } = read.range;
      return start?.at(-1) === 0 && !read.reverse
        ? { ...read, range: { start: new Uint8Array([...start.slice(0, -1), 0x02]), end } }
        : read;
    },
  }),
  engineFlaw("does not count dead rows", {
    rangeRead: (read) => ({ ...read, rowLimit: 100_000 }),
    rangePage: (page) => ({ ...page, rowsExamined: page.rows.length }),
  }),
  engineFlaw("says it looked at nothing", { rangePage: (page) => ({ ...page, rowsExamined: 0 }) }),
];

function near(a: KeyedRow, b: KeyedRow): boolean {
  return a.version.rank === b.version.rank && Math.abs(a.version.expiry - b.version.expiry) < 1e6;
}

/** Gives up the rest of a write once an item of it is superseded. */
function stopping(): Replacements {
  let stoppedAt: Version | undefined;
  return {
    apply: (record, mutation) => {
      const version = mutation.kind === "put" ? mutation.row.version : mutation.version;
      if (stoppedAt !== undefined && compareVersions(stoppedAt, version) === 0) {
        return { kind: "superseded" };
      }
      const outcome = applyToRecord(record, mutation);
      stoppedAt = outcome.kind === "superseded" ? version : undefined;
      return outcome;
    },
  };
}

/** Forgets all that a deletion once touched: markers, and rows under what was deleted. */
function sweepSecond(record: MemoryRecord, now: number): void {
  const doomed: Uint8Array[] = [];
  record.rows.visit(ALL_KEYS, false, ({ key, version }) => {
    if (version.time + 86_400e6 < now) doomed.push(key);
    return true;
  });
  for (const key of doomed) record.rows.delete(key);
}
