/** The loop behind one page: ask the engine, keep what is live and fits, decide again. */
import { decodeMetadata, type StoredMetadata } from "../codec/item-metadata.ts";
import { EMPTY_BYTES } from "../model/bytes.ts";
import type { ClientCapabilities } from "../model/capabilities.ts";
import { KvError } from "../model/error.ts";
import type { Item, ItemMetadata } from "../model/item.ts";
import type { PagePosition } from "../model/page-token.ts";
import type { ScannedItem } from "../model/scan.ts";
import { PAGE_SIZE_BYTES_MAX, type ResolvedSelection } from "../model/selection.ts";
import { type Micros, MILLISECOND } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { expectedItemBytes, ITEM_BYTES_ASSUMED, meanBytes } from "../policy/estimate-size.ts";
import { fillPage, fits, type PageStep } from "../policy/fill-page.ts";
import type { Env } from "../ports/env.ts";
import type { Projection, Row } from "../ports/storage-engine.ts";
import { type NamespaceStats, noteRead, noteRows } from "./namespace-stats.ts";
import type { PageSource, SourcePage } from "./page-source.ts";
import { decodedBytes, pageBytes } from "./readable-values.ts";
import { checkCall, engineCall, type ServiceCall } from "./service-parts.ts";

/** Where a page begins: at a token's position, or at the beginning, where nothing is known of the traversal. */
export type PageStart = {
  readonly after: Uint8Array | undefined;
  readonly itemsLeft: number;
  /** Of the traversal so far; undefined at its beginning. */
  readonly averageBytes: number | undefined;
};

/** What a page is collected from. */
export type PageWork = {
  readonly source: PageSource;
  readonly selection: ResolvedSelection;
  readonly from: PageStart;
  readonly namespace: Namespace;
  readonly stats: NamespaceStats;
  readonly env: Env;
  readonly call: ServiceCall;
  readonly client: ClientCapabilities;
};

/** The page, and where the next one begins; undefined when the traversal is over. */
export type CollectedPage = {
  readonly items: readonly Item[];
  readonly next: PagePosition | undefined;
};

/** A page in the making. */
type Progress = {
  readonly items: Item[];
  bytes: number;
  /** As many as the values have once they are decoded: few bytes on their way may be very many then. */
  decodedBytes: number;
  rowsExamined: number;
  idleReads: number;
  after: Uint8Array | undefined;
  slowestRead: Micros;
  /** Bytes of an item before this page said anything: the token's own, else the namespace's. */
  readonly priorBytes: number | undefined;
  /** Kept from a later read's time, so that what is there is still returned when it fails. */
  readonly reserve: Micros;
};

/** Of the time a call has at its beginning: one part in so many is kept for the answer, ten milliseconds at most. */
const RESERVE_SHARE = 16;
const RESERVE_MAX: Micros = 10 * MILLISECOND;

/** Collects one page within its budget of bytes, rows and time (PAGE-1, PAGE-5, SLO-2). */
export async function collectPage(work: PageWork): Promise<CollectedPage> {
  const now = work.env.clock.wall();
  const progress = begin(work);
  for (;;) {
    const step = nextStep(work, progress);
    if (step.kind === "finish") {
      if (step.why === "time") work.env.telemetry.count("pages_cut_early");
      return finished(work, progress, step.why === "items");
    }
    const rows = await read(work, progress, step, now);
    if (rows === undefined) {
      work.env.telemetry.count("pages_cut_early");
      return finished(work, progress, false);
    }
    // A read costs at least as much as a row: reads over nothing but what the engine hides are bounded too.
    progress.rowsExamined += Math.max(1, rows.rowsExamined);
    const before = progress.items.length;
    const full = take(rows, progress, work, now);
    progress.idleReads = progress.items.length === before ? progress.idleReads + 1 : 0;
    if (full) return finished(work, progress, false);
    if (rows.resumeAfter === undefined) return finished(work, progress, true);
    progress.after = rows.resumeAfter;
  }
}

function begin(work: PageWork): Progress {
  const { from, stats, call, env } = work;
  const timeLeft = call.deadline - env.clock.monotonic();
  return {
    items: [],
    bytes: 0,
    decodedBytes: 0,
    rowsExamined: 0,
    idleReads: 0,
    after: from.after,
    slowestRead: 0,
    priorBytes: from.averageBytes ?? meanBytes(stats.sizes[projectionOf(work)]),
    reserve: Math.min(RESERVE_MAX, Math.max(0, Math.floor(timeLeft / RESERVE_SHARE))),
  };
}

function nextStep(work: PageWork, progress: Progress): PageStep {
  const known = work.stats.sizes[projectionOf(work)];
  const averageBytes = expectedBytes(progress);
  return fillPage({
    budgetBytes: work.selection.pageSizeBytes,
    bytes: progress.bytes,
    items: progress.items.length,
    itemsLeft: work.from.itemsLeft - progress.items.length,
    rowsExamined: progress.rowsExamined,
    rowsExaminedMax: work.namespace.rowsPerCallMax,
    idleReads: progress.idleReads,
    averageBytes,
    storedBytes: Math.max(averageBytes, meanBytes(known) ?? ITEM_BYTES_ASSUMED),
    rowsKnown: known.items,
    pagesByBytes: work.source.pagesByBytes,
    latency: work.stats.latency,
    slowestRead: progress.slowestRead,
    timeLeft: timeLeft(work, progress),
    advanced: hasAdvanced(work, progress),
  });
}

/**
 * One engine read, never begun for a call that is over (SLO-1). Undefined when it failed in a way that passes, and
 * what was collected before it is worth returning: the token says where to go on, and nothing is lost (SLO-2).
 */
async function read(
  work: PageWork,
  progress: Progress,
  { rowLimit, byteLimit }: PageStep & { readonly kind: "ask" },
  now: Micros,
): Promise<SourcePage | undefined> {
  const { call, env, namespace, stats, source } = work;
  const begun = env.clock.monotonic();
  checkCall(call, begun);
  const bounded = { ...call, deadline: begun + timeLeft(work, progress) };
  const engine = engineCall(bounded, namespace.consistency, now);
  try {
    const rows = await source.read(progress.after, rowLimit, byteLimit, engine);
    noteRows(stats, projectionOf(work), sizesOf(rows.rows));
    return rows;
  } catch (thrown) {
    if (hasAdvanced(work, progress) && passes(thrown)) return undefined;
    throw thrown;
  } finally {
    const micros = env.clock.monotonic() - begun;
    progress.slowestRead = Math.max(progress.slowestRead, micros);
    noteRead(stats, { micros, rows: rowLimit });
  }
}

/** Time for another read: what is left, less the reserve once there is something to return. */
function timeLeft(work: PageWork, progress: Progress): Micros {
  const left = work.call.deadline - work.env.clock.monotonic();
  return hasAdvanced(work, progress) ? left - progress.reserve : left;
}

/** Whether a token would advance (PAGE-4). */
function hasAdvanced(work: PageWork, progress: Progress): boolean {
  return progress.after !== work.from.after;
}

/** Whether the next call may well succeed where this read failed. */
function passes(thrown: unknown): boolean {
  return thrown instanceof KvError && thrown.retry !== "never" && thrown.code !== "CANCELLED";
}

/** Takes the live rows that fit; true when one did not, and the page ends before it. */
function take(page: SourcePage, progress: Progress, work: PageWork, now: Micros): boolean {
  const { pageSizeBytes } = work.selection;
  let last = -1;
  let full = false;
  for (let i = 0; i < page.rows.length; i += 1) {
    const row = page.rows[i] as Row;
    if (isExpired(row, now)) continue;
    const id = page.ids?.[i];
    const item = toItem(row, work.selection, id);
    const bytes = pageBytes(item, work.client) + (id?.length ?? 0);
    const decoded = decodedBytes(item);
    const items = progress.items.length;
    full =
      !fits(bytes, { bytes: progress.bytes, items }, pageSizeBytes) ||
      !fits(decoded, { bytes: progress.decodedBytes, items }, PAGE_SIZE_BYTES_MAX);
    if (full) break;
    progress.items.push(item);
    progress.bytes += bytes;
    progress.decodedBytes += decoded;
    last = i;
    if (progress.items.length >= work.from.itemsLeft) break;
  }
  if (last !== -1) progress.after = work.source.placeOf(page, last);
  return full;
}

function finished(work: PageWork, progress: Progress, exhausted: boolean): CollectedPage {
  const { after } = progress;
  work.env.telemetry.observe("page_bytes", progress.bytes);
  if (exhausted || after === undefined) return { items: progress.items, next: undefined };
  return {
    items: progress.items,
    next: {
      after,
      itemsLeft: work.from.itemsLeft - progress.items.length,
      averageBytes: Math.min(AVERAGE_MAX, Math.ceil(expectedBytes(progress))),
    },
  };
}

/** What a token can say. */
const AVERAGE_MAX = 2 ** 32 - 1;

function expectedBytes({ priorBytes, items, bytes }: Progress): number {
  return expectedItemBytes(priorBytes, { items: items.length, bytes });
}

function projectionOf({ selection }: PageWork): Projection {
  return selection.include === "items" ? "rows" : "keys";
}

function sizesOf(rows: readonly Row[]): { readonly items: number; readonly bytes: number } {
  let bytes = 0;
  for (const row of rows) bytes += rowBytes(row);
  return { items: rows.length, bytes };
}

/** Bytes that the engine's answer has of a row, as far as they grow with what was put. */
function rowBytes(row: Row): number {
  return row.key.length + row.value.length;
}

/** Whether the row's item has ended: from its expiry on it is not there (TTL-1). */
export function isExpired({ version: { expiry } }: Row, now: Micros): boolean {
  return expiry !== 0 && expiry <= now;
}

/**
 * The item in a row, in a scan with its record. A value in chunks stays there for now: it is empty, and the metadata
 * says where it lies.
 */
export function toItem(row: Row, selection: ResolvedSelection, id?: string): Item {
  const { time, expiry } = row.version;
  const lifecycle = expiry === 0 ? { writeTime: time } : { writeTime: time, expiresAt: expiry };
  const stored = decodeMetadata(row.metadata);
  // What the writer put, however it is stored: what a selection leaves out must not depend on that.
  const size = stored.compression?.originalBytes ?? stored.chunk?.totalBytes ?? row.value.length;
  const tooLarge = size > selection.excludeValuesAboveBytes;
  const item = {
    key: row.key,
    value: tooLarge ? EMPTY_BYTES : row.value,
    valueOmitted: tooLarge || selection.include === "keys",
    // Most rows have no metadata of their own.
    metadata: row.metadata.length === 0 ? { lifecycle } : withLifecycle(stored, lifecycle, row),
  };
  return id === undefined ? item : withId(item, id);
}

function withLifecycle(
  said: StoredMetadata,
  lifecycle: ItemMetadata["lifecycle"],
  { version: { time, nonce } }: Row,
): ItemMetadata {
  const { content, compression, chunk } = said;
  const staged = chunk && { ...chunk, token: { generationTime: time, nonce } };
  // Mostly that is all; parts that may be missing cost more than the rest of an item.
  if (compression === undefined && content !== undefined) {
    return staged === undefined ? { content, lifecycle } : { content, lifecycle, chunk: staged };
  }
  return {
    ...(compression && { compression }),
    ...(content && { content }),
    lifecycle,
    ...(staged && { chunk: staged }),
  };
}

/** Field by field: a scan does little else for an item. */
function withId({ key, value, valueOmitted, metadata }: Item, id: string): ScannedItem {
  return { id, key, value, valueOmitted, metadata };
}
