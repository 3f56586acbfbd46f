/** Carries out an operation on one engine, and says what came of it in words that two engines can share. */
import { compareBytes, DAY, KvError, type Micros, SECOND, successor, toHex, utf8 } from "kvdal";
import { type Env, neverAborted } from "kvdal/client";
import type {
  EngineCall,
  Mutation,
  MutationOutcome,
  Partition,
  Row,
  RowsPage,
  StorageEngine,
} from "kvdal/engine";
import { hashText } from "../world/keyed-random.ts";
import type {
  DrawnCall,
  DrawnMutation,
  DrawnRange,
  DrawnVersion,
  FidelityList,
  FidelityOperation,
} from "./operation.ts";

/** An engine on which lists are run. */
export type Subject = {
  readonly name: string;
  readonly engine: StorageEngine;
  readonly env: Env;
  readonly table: string;
};

/** What a list is run as: the same on both engines. */
export type Stage = {
  readonly list: FidelityList;
  /** Begins the ids of its records: no other run has it. */
  readonly prefix: string;
  /** Wall clock that its times count from. */
  readonly begun: Micros;
  readonly words: Words;
};

/** How exactly answers are told. */
export type Words = {
  /**
   * Whether the two engines tell `applied` from `superseded` alike. Elsewhere all that is not a failure is one: an
   * engine may say `accepted` to both.
   */
  readonly outcomes: boolean;
  /**
   * Whether pages end at the same keys. Elsewhere only all pages together are told: what of dead rows counts towards
   * a limit, and where bytes end a page, is the engine's own.
   */
  readonly pages: boolean;
};

const RETENTION: Micros = DAY;
const TIMEOUT: Micros = 60 * SECOND;
/** Metadata and values say what they are of, so that a blend of two writes shows. */
const PAD = 0x2e;
/** No list has so many rows that its pages are more. */
const PAGES_MAX = 1_000;

/** What came of the operation, as text. Failures that are `KvError` are answers, too. */
export async function perform(
  subject: Subject,
  stage: Stage,
  operation: FidelityOperation,
): Promise<string> {
  try {
    return await answerOf(subject, stage, operation);
  } catch (error) {
    if (!(error instanceof KvError)) throw error;
    return failureText(error);
  }
}

async function answerOf(
  subject: Subject,
  stage: Stage,
  operation: FidelityOperation,
): Promise<string> {
  const { engine } = subject;
  const at: Partition = { table: subject.table, id: `${stage.prefix}${operation.record}` };
  const call = callOf(subject, stage, operation.call);
  switch (operation.kind) {
    case "write": {
      const mutations = operation.mutations.map((drawn) => mutationOf(drawn, stage));
      const outcomes = await engine.write(at, mutations, call);
      return outcomes.map((outcome) => outcomeText(outcome, stage.words)).join(", ");
    }
    case "put_if_absent":
      return (await engine.putIfAbsent(at, rowOf(operation.put, stage), call)).kind;
    case "read_keys": {
      const keys = operation.keys.map((key) => stage.list.keys[key] as Uint8Array);
      const read = { ...at, keys, projection: operation.projection };
      return pageText(await engine.readKeys(read, call), { stage, call }, true);
    }
    case "read_range":
      return await wholeRange(engine, { at, stage, call }, operation);
    case "scan":
      return await wholeTable(subject, { stage, call }, operation);
    case "sweep":
      return await sweepAll(subject, call);
    default:
      throw operation satisfies never;
  }
}

function callOf({ env }: Subject, { begun }: Stage, drawn: DrawnCall): EngineCall {
  const { now, consistency, state } = drawn;
  return {
    deadline: env.clock.monotonic() + (state === "late" ? -1 : TIMEOUT),
    signal: state === "given up" ? AbortSignal.abort() : neverAborted,
    consistency,
    now: begun + now,
  };
}

/** A range through all its pages. */
async function wholeRange(
  engine: StorageEngine,
  { at, stage, call }: { readonly at: Partition; readonly stage: Stage; readonly call: EngineCall },
  operation: Extract<FidelityOperation, { kind: "read_range" }>,
): Promise<string> {
  const { reverse, rowLimit, projection } = operation;
  let range = rangeOf(operation.range, stage);
  const pages: string[] = [];
  for (;;) {
    const read = { ...at, range, reverse, rowLimit, byteLimit: 1 << 30, projection };
    const page = await engine.readRange(read, call);
    if (page.rows.length > rowLimit) return `${page.rows.length} rows of at most ${rowLimit}`;
    pages.push(pageText(page, { stage, call }, stage.words.pages));
    if (page.resumeAfter === undefined) break;
    if (pages.length > PAGES_MAX) return "a read that does not end";
    range = reverse
      ? { ...range, end: page.resumeAfter }
      : { ...range, start: successor(page.resumeAfter) };
    // What is left of a range may be empty, and an empty one is not asked for.
    const { start, end } = range;
    if (start !== undefined && end !== undefined && compareBytes(start, end) >= 0) {
      pages.push("");
      break;
    }
  }
  return stage.words.pages ? pagesText(pages) : pages.filter((page) => page !== "").join(" ");
}

/**
 * Pages with their ends, less those at the end that have no rows. Whether a page that took all there was says that there may be more is the engine's own:
 * DynamoDB Local does so forwards and not backwards, the service both ways.
 */
function pagesText(pages: readonly string[]): string {
  const told = pages.map((page, i) => (i === pages.length - 1 ? page : `${page} |`));
  for (let last = told.at(-1); last !== undefined; last = told.at(-1)) {
    const rows = last.replace(AN_END, "");
    told.pop();
    if (rows === "") continue;
    told.push(rows);
    break;
  }
  return told.join(" ");
}

const AN_END = / ?(\.\.\. after 0x[0-9a-f]*)?( \|)?$/;

/** The rows of this run in the whole table, in an order of their own: an engine has its own among records. */
async function wholeTable(
  { engine, table }: Subject,
  { stage, call }: { readonly stage: Stage; readonly call: EngineCall },
  { segments, rowLimit }: Extract<FidelityOperation, { kind: "scan" }>,
): Promise<string> {
  const found: string[] = [];
  for (let index = 0; index < segments; index += 1) {
    let cursor: Uint8Array | undefined;
    do {
      const segment = { index, of: segments };
      // The rows of other runs are in the way: few a page are for small tables.
      const read = { table, segment, cursor, rowLimit: 50 * rowLimit, projection: "rows" } as const;
      const page = await engine.scan(read, call);
      for (const { id, row } of page.entries) {
        if (id.startsWith(stage.prefix) && isAlive(row, call.now)) {
          found.push(`${id.slice(stage.prefix.length)}:${rowText(row, stage)}`);
        }
      }
      ({ cursor } = page);
    } while (cursor !== undefined);
  }
  return found.toSorted().join(" ");
}

async function sweepAll({ engine, table }: Subject, call: EngineCall): Promise<string> {
  let cursor: Uint8Array | undefined;
  do {
    const request = { table, cursor, rowLimit: 1_000, retention: RETENTION };
    ({ cursor } = await engine.sweep(request, call));
  } while (cursor !== undefined);
  // How much there was to remove is an engine's own affair; what is shown afterwards is not.
  return "swept";
}

function mutationOf(drawn: DrawnMutation, stage: Stage): Mutation {
  if (drawn.kind === "put") return { kind: "put", row: rowOf(drawn, stage) };
  const version = versionOf(drawn.version, 2, stage);
  switch (drawn.kind) {
    case "delete_key": {
      const key = stage.list.keys[drawn.key] as Uint8Array;
      return { kind: "delete_key", key, version, removeAt: version.time + RETENTION };
    }
    case "delete_range":
      return { kind: "delete_range", range: rangeOf(drawn.range, stage), version };
    case "delete_record":
      return { kind: "delete_record", version };
    default:
      throw drawn satisfies never;
  }
}

function rowOf(
  { key, version, padding }: Extract<DrawnMutation, { kind: "put" }>,
  stage: Stage,
): Row {
  const { time, nonce, expiry } = version;
  const head = utf8(`${time}.${nonce}.${expiry / SECOND}`);
  const value = new Uint8Array(head.length + padding).fill(PAD);
  value.set(head);
  return {
    key: stage.list.keys[key] as Uint8Array,
    value,
    metadata: head,
    version: versionOf(version, expiry === 0 ? 0 : 1, stage),
  };
}

function versionOf(
  { time, nonce, expiry }: DrawnVersion,
  rank: Row["version"]["rank"],
  { begun }: Stage,
): Row["version"] {
  return {
    time: begun + time,
    rank,
    expiry: expiry === 0 ? 0 : begun + expiry,
    nonce: new Uint8Array(16).fill(nonce),
  };
}

function rangeOf(
  { start, end }: DrawnRange,
  { list: { keys } }: Stage,
): { readonly start?: Uint8Array | undefined; readonly end?: Uint8Array | undefined } {
  return {
    start: start === undefined ? undefined : keys[start],
    end: end === undefined ? undefined : keys[end],
  };
}

function outcomeText(outcome: MutationOutcome, { outcomes }: Words): string {
  if (outcome.kind === "failed") return failureText(outcome.error);
  return outcomes ? outcome.kind : "done";
}

function failureText({ code, applied }: KvError): string {
  return `${code}, applied: ${applied}`;
}

/** Rows that are alive by the caller's clock: an engine may show others, and the service hides them. */
function pageText(
  { rows, resumeAfter }: RowsPage,
  { stage, call }: { readonly stage: Stage; readonly call: EngineCall },
  withEnd: boolean,
): string {
  const alive = rows.filter((row) => isAlive(row, call.now));
  const texts = alive.map((row) => rowText(row, stage));
  if (withEnd && resumeAfter !== undefined) texts.push(`... after 0x${toHex(resumeAfter)}`);
  return texts.join(" ");
}

function isAlive({ version: { expiry } }: Row, now: Micros): boolean {
  return expiry === 0 || expiry > now;
}

const text = new TextDecoder();

/** All of a row: whatever differs in it shows. */
function rowText({ key, value, metadata, version }: Row, { begun }: Stage): string {
  const { time, rank, expiry, nonce } = version;
  const ends = expiry === 0 ? "" : ` until ${expiry - begun}`;
  const told = `${time - begun}.${rank}.${toHex(nonce)}${ends}`;
  return `0x${toHex(key)}=${valueText(value)}/${text.decode(metadata)}/${told}`;
}

/** A long value by its beginning, its length and a hash of the whole. */
function valueText(value: Uint8Array): string {
  if (value.length <= 40) return text.decode(value);
  return `${text.decode(value.subarray(0, 20))}…${value.length}#${hashText(toHex(value))}`;
}
