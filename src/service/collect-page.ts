/** The loop behind one page: ask the engine, keep what is live and fits, decide again. */
import { decodeMetadata } from "../codec/item-metadata.ts";
import { EMPTY_BYTES } from "../model/bytes.ts";
import type { Item } from "../model/item.ts";
import type { PagePosition } from "../model/page-token.ts";
import type { ResolvedSelection } from "../model/selection.ts";
import type { Micros } from "../model/time.ts";
import type { Namespace } from "../namespace/namespace.ts";
import { fillPage, fits } from "../policy/fill-page.ts";
import type { Env } from "../ports/env.ts";
import type { Row, RowsPage } from "../ports/storage-engine.ts";
import type { PageSource } from "./page-source.ts";
import { engineCall, type ServiceCall } from "./service-parts.ts";

/** What a page is collected from. */
export type PageWork = {
  readonly source: PageSource;
  readonly selection: ResolvedSelection;
  readonly from: Omit<PagePosition, "after"> & { readonly after: Uint8Array | undefined };
  readonly namespace: Namespace;
  readonly env: Env;
  readonly call: ServiceCall;
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
  rowsExamined: number;
  after: Uint8Array | undefined;
  slowestRead: Micros;
};

/** Collects one page within its budget of bytes, rows and time (PAGE-1, PAGE-5, SLO-2). */
export async function collectPage(work: PageWork): Promise<CollectedPage> {
  const { clock } = work.env;
  const now = clock.wall();
  const engine = engineCall(work.call, work.namespace.consistency, now);
  const progress: Progress = {
    items: [],
    bytes: 0,
    rowsExamined: 0,
    after: work.from.after,
    slowestRead: 0,
  };
  for (;;) {
    const step = nextStep(work, progress);
    if (step.kind === "finish") return finished(work, progress, step.why === "items");
    const begun = clock.monotonic();
    const rows = await work.source(progress.after, step.rowLimit, step.byteLimit, engine);
    progress.slowestRead = Math.max(progress.slowestRead, clock.monotonic() - begun);
    // A read costs at least as much as a row: reads over nothing but what the engine hides are bounded too.
    progress.rowsExamined += Math.max(1, rows.rowsExamined);
    const full = take(rows, progress, work, now);
    if (full) return finished(work, progress, false);
    if (rows.resumeAfter === undefined) return finished(work, progress, true);
    progress.after = rows.resumeAfter;
  }
}

function nextStep(work: PageWork, progress: Progress): ReturnType<typeof fillPage> {
  return fillPage({
    budgetBytes: work.selection.pageSizeBytes,
    bytes: progress.bytes,
    items: progress.items.length,
    itemsLeft: work.from.itemsLeft - progress.items.length,
    rowsExamined: progress.rowsExamined,
    rowsExaminedMax: work.namespace.rowsPerCallMax,
    averageBytes: averageBytes(work, progress),
    timeLeft: work.call.deadline - work.env.clock.monotonic(),
    slowestRead: progress.slowestRead,
    advanced: progress.after !== work.from.after,
  });
}

/** Takes the live rows that fit; true when one did not, and the page ends before it. */
function take(rows: RowsPage, progress: Progress, work: PageWork, now: Micros): boolean {
  for (const row of rows.rows) {
    if (isExpired(row, now)) continue;
    const item = toItem(row, work.selection);
    const bytes = pageBytes(item);
    if (
      !fits(
        bytes,
        { bytes: progress.bytes, items: progress.items.length },
        work.selection.pageSizeBytes,
      )
    ) {
      return true;
    }
    progress.items.push(item);
    progress.bytes += bytes;
    progress.after = item.key;
    if (progress.items.length >= work.from.itemsLeft) return false;
  }
  return false;
}

function finished(work: PageWork, progress: Progress, exhausted: boolean): CollectedPage {
  const { after } = progress;
  if (exhausted || after === undefined) return { items: progress.items, next: undefined };
  return {
    items: progress.items,
    next: {
      after,
      itemsLeft: work.from.itemsLeft - progress.items.length,
      averageBytes: averageBytes(work, progress),
    },
  };
}

/** The traversal's own average once it has items; never 0, so that it can be divided by. */
function averageBytes(work: PageWork, progress: Progress): number {
  if (progress.items.length === 0) return work.from.averageBytes;
  return Math.max(1, Math.ceil(progress.bytes / progress.items.length));
}

/** Whether the row's item has ended: from its expiry on it is not there (TTL-1). */
export function isExpired({ version: { expiry } }: Row, now: Micros): boolean {
  return expiry !== 0 && expiry <= now;
}

/** Bytes of an item as pages count them: its key and its stored value, wherever that lies (PAGE-1). */
function pageBytes({ key, value, valueOmitted, metadata }: Item): number {
  if (metadata.chunk === undefined || valueOmitted) return key.length + value.length;
  return key.length + metadata.chunk.totalBytes;
}

/** The item in a row. A value in chunks stays there for now: it is empty, and the metadata says where it lies. */
export function toItem(row: Row, selection: ResolvedSelection): Item {
  const { time, expiry, nonce } = row.version;
  const lifecycle = expiry === 0 ? { writeTime: time } : { writeTime: time, expiresAt: expiry };
  const { chunk, ...stored } = decodeMetadata(row.metadata);
  const size = chunk?.totalBytes ?? row.value.length;
  const tooLarge = size > selection.excludeValuesAboveBytes;
  return {
    key: row.key,
    value: tooLarge ? EMPTY_BYTES : row.value,
    valueOmitted: tooLarge || selection.include === "keys",
    metadata: {
      ...stored,
      lifecycle,
      ...(chunk && { chunk: { ...chunk, token: { generationTime: time, nonce } } }),
    },
  };
}
