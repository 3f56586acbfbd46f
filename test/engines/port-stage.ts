/**
 * What a port-level check works with: an open engine, a table made for the run, and a way to make calls. Native
 * calls are counted, so that "no native call was started" can be asserted and not only hoped for.
 */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { EMPTY_BYTES, fromHex, utf8 } from "../../src/model/bytes.ts";
import { KvError, type KvErrorCode } from "../../src/model/error.ts";
import type { KeyRange } from "../../src/model/range.ts";
import { DAY, type Micros, MINUTE, SECOND } from "../../src/model/time.ts";
import { NONCE_BYTES } from "../../src/model/token.ts";
import { RANK_DELETE, RANK_EXPIRING_PUT, RANK_PUT, type Version } from "../../src/model/version.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import type {
  EngineAdapter,
  EngineCall,
  Mutation,
  MutationOutcome,
  Partition,
  RangeRead,
  Row,
  RowsPage,
  StorageEngine,
} from "../../src/ports/storage-engine.ts";
import { systemEnv } from "../../src/system/env.ts";

/** How long deletion knowledge is kept in the tables of these checks. */
export const RETENTION: Micros = DAY;

export type PortStage = {
  readonly engine: StorageEngine;
  readonly table: string;
  /** The real wall clock when the stage was opened, to the second: the present of these checks. */
  readonly now: Micros;
  readonly nativeCalls: () => number;
  /** A record that no other check uses. */
  readonly record: () => Partition;
  /** A call with plenty of time, with what is given changed. */
  readonly call: (changes?: Partial<EngineCall>) => EngineCall;
  /** A new, empty table. */
  readonly freshTable: () => Promise<string>;
};

/** Opens the adapter over the real clock and makes its table. Close with `stage.engine.close()`. */
export async function openStage(adapter: EngineAdapter): Promise<PortStage> {
  const env = systemEnv();
  let nativeCalls = 0;
  const engine = await adapter.open({
    env,
    native: async (_label, thunk) => {
      nativeCalls += 1;
      return await thunk();
    },
  });
  const now = Math.floor(env.clock.wall() / SECOND) * SECOND;
  const call = (changes: Partial<EngineCall> = {}): EngineCall => ({
    deadline: env.clock.monotonic() + MINUTE,
    signal: neverAborted,
    consistency: "quorum",
    now,
    ...changes,
  });
  const freshTable = async (): Promise<string> => {
    const table = `t_${randomUUID().replaceAll("-", "")}`;
    await engine.provision({ table, retention: RETENTION }, call());
    return table;
  };
  const table = await freshTable();
  const record = (): Partition => ({ table, id: `r-${randomUUID()}` });
  return { engine, table, now, nativeCalls: () => nativeCalls, record, call, freshTable };
}

/** Bytes of a text. */
export const bytes: (text: string) => Uint8Array = utf8;
/** Bytes of a hexadecimal text. */
export const hex: (text: string) => Uint8Array = fromHex;

/** Sixteen equal bytes. */
export function nonce(byte: number): Uint8Array {
  return new Uint8Array(NONCE_BYTES).fill(byte);
}

/** A version of the right rank: of a put, expiring if `expiry` is given. */
export function put(time: Micros, byte = 1, expiry: Micros = 0): Version {
  return { time, rank: expiry === 0 ? RANK_PUT : RANK_EXPIRING_PUT, expiry, nonce: nonce(byte) };
}

/** A version of a deletion. */
export function del(time: Micros, byte = 1): Version {
  return { time, rank: RANK_DELETE, expiry: 0, nonce: nonce(byte) };
}

/** A put of a row; its metadata say the same as its value, so that a blend of two writers shows. */
export function putOf(key: Uint8Array | string, value: string, version: Version): Mutation {
  const row = { key: asBytes(key), value: bytes(value), metadata: bytes(`m:${value}`), version };
  return { kind: "put", row };
}

/** The deletion of one key, whose marker may go after the retention. */
export function deleteKey(key: Uint8Array | string, version: Version): Mutation {
  return { kind: "delete_key", key: asBytes(key), version, removeAt: version.time + RETENTION };
}

export function deleteRange(range: KeyRange, version: Version): Mutation {
  return { kind: "delete_range", range, version };
}

export function deleteRecord(version: Version): Mutation {
  return { kind: "delete_record", version };
}

/** Writes each mutation by a call of its own, in this order: what arrives one after another. */
export async function arrive(
  stage: PortStage,
  record: Partition,
  ...mutations: readonly Mutation[]
): Promise<MutationOutcome["kind"][]> {
  const kinds: MutationOutcome["kind"][] = [];
  for (const mutation of mutations) kinds.push(...(await write(stage, record, [mutation])));
  return kinds;
}

/** Writes the mutations by one call; the kinds of their outcomes. A failure throws. */
export async function write(
  stage: PortStage,
  record: Partition,
  mutations: readonly Mutation[],
  call: EngineCall = stage.call(),
): Promise<MutationOutcome["kind"][]> {
  const outcomes = await stage.engine.write(record, mutations, call);
  expect(outcomes).toHaveLength(mutations.length);
  for (const outcome of outcomes) if (outcome.kind === "failed") throw outcome.error;
  return outcomes.map(({ kind }) => kind);
}

/** Asserts an outcome as far as the engine tells it: an engine that says `accepted` may do so always. */
export function expectOutcome(
  stage: PortStage,
  found: MutationOutcome["kind"] | undefined,
  wanted: "applied" | "superseded",
): void {
  const allowed = stage.engine.capabilities.outcome === "known" ? [wanted] : [wanted, "accepted"];
  expect(allowed).toContain(found);
}

/** One page of a range read; all of the record unless said otherwise. */
export async function readPage(
  stage: PortStage,
  record: Partition,
  read: Partial<RangeRead> = {},
  call: EngineCall = stage.call(),
): Promise<RowsPage> {
  const page = await stage.engine.readRange(
    {
      ...record,
      range: {},
      reverse: false,
      rowLimit: 1000,
      byteLimit: 1 << 20,
      projection: "rows",
      ...read,
    },
    call,
  );
  return { ...page, rows: page.rows.filter((row) => isUnexpired(row, call.now)) };
}

/** All rows of a record, through as many pages as it takes. */
export async function readAll(
  stage: PortStage,
  record: Partition,
  read: Partial<RangeRead> = {},
  call: EngineCall = stage.call(),
): Promise<Row[]> {
  const rows: Row[] = [];
  let range: KeyRange = read.range ?? {};
  for (let pages = 0; pages < 10_000; pages += 1) {
    const page = await readPage(stage, record, { ...read, range }, call);
    rows.push(...page.rows);
    if (page.resumeAfter === undefined) return rows;
    range = rangeRest(range, page.resumeAfter, read.reverse ?? false);
  }
  throw new Error("the read does not end");
}

/** The values of a record as text, in key order. */
export async function values(
  stage: PortStage,
  record: Partition,
  read: Partial<RangeRead> = {},
): Promise<string[]> {
  return (await readAll(stage, record, read)).map((row) => text(row.value));
}

/** The keys of a record as text, in the order read. */
export async function keys(
  stage: PortStage,
  record: Partition,
  read: Partial<RangeRead> = {},
): Promise<string[]> {
  return (await readAll(stage, record, read)).map((row) => text(row.key));
}

/** Rows of single keys; those expired by the call's clock are left out, as the service would. */
export async function readKeys(
  stage: PortStage,
  record: Partition,
  wanted: readonly (Uint8Array | string)[],
  call: EngineCall = stage.call(),
): Promise<Row[]> {
  const read = { ...record, keys: wanted.map(asBytes), projection: "rows" } as const;
  const page = await stage.engine.readKeys(read, call);
  expect(page.resumeAfter).toBeUndefined();
  return page.rows.filter((row) => isUnexpired(row, call.now));
}

/** What is left of a range after `key`, written out here so that no helper under test checks itself. */
function rangeRest(range: KeyRange, key: Uint8Array, reverse: boolean): KeyRange {
  return reverse
    ? { start: range.start, end: key }
    : { start: Uint8Array.of(...key, 0), end: range.end };
}

/** The error of work that must fail, whether thrown or told as an outcome. */
export async function failureOf(work: Promise<unknown>): Promise<KvError> {
  const outcome = await work.then(
    (answer) => (Array.isArray(answer) ? (answer[0] as MutationOutcome) : answer),
    (error: unknown) => ({ kind: "failed", error }),
  );
  const error = (outcome as { readonly error?: unknown } | undefined)?.error;
  if (!(error instanceof KvError)) throw new Error("wanted a KvError", { cause: error });
  return error;
}

/** Asserts that work fails with this code. */
export async function expectFailure(work: Promise<unknown>, code: KvErrorCode): Promise<KvError> {
  const error = await failureOf(work);
  expect(error.code).toBe(code);
  return error;
}

export function text(value: Uint8Array): string {
  return new TextDecoder().decode(value);
}

export function asBytes(key: Uint8Array | string): Uint8Array {
  return typeof key === "string" ? bytes(key) : key;
}

export { EMPTY_BYTES };

function isUnexpired(row: Row, now: Micros): boolean {
  return row.version.expiry === 0 || row.version.expiry > now;
}
