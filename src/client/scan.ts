/** A scan of a whole namespace: several segments at a time, page by page, for as long as somebody takes them (SCAN-1). */
import { KvError } from "../model/error.ts";
import { checkSegmentCount, type ScanSegment, WHOLE_NAMESPACE } from "../model/scan.ts";
import { neverAborted } from "../ports/never-aborted.ts";
import { type CallOptions, checkSignal } from "./call.ts";
import type {
  ScanCheckpoint,
  ScanInput,
  ScanItemsInput,
  ScanItemsResult,
  ScannedPage,
  SegmentPosition,
} from "./inputs.ts";

/** What a scan is made with. */
export type ScanParts = {
  /** The own name of a namespace. */
  readonly resolve: (namespace: string, options: CallOptions | undefined) => Promise<string>;
  readonly page: (input: ScanItemsInput, options: CallOptions) => Promise<ScanItemsResult>;
};

/** Segments at a time when nobody says otherwise. */
const CONCURRENCY_DEFAULT = 4;

/**
 * All pages of the scan. What is fetched ahead is one page a segment at work, never more; whoever stops taking pages,
 * in whatever way, leaves nothing under way (RES-1). Rejects as a page does; the last checkpoint stays good.
 */
export async function* scanPages(
  input: ScanInput,
  options: CallOptions | undefined,
  parts: ScanParts,
): AsyncGenerator<ScannedPage, void, undefined> {
  const { concurrency = CONCURRENCY_DEFAULT, selection } = input;
  if (!(concurrency >= 1)) {
    throw new KvError("INVALID_ARGUMENT", `concurrency is ${concurrency}, wanted 1 or more`);
  }
  const from = await startOf(input, options, parts);
  const gone = new AbortController();
  const { signal = neverAborted } = options ?? {};
  checkSignal(signal);
  const giveUp = (): void => gone.abort(GIVEN_UP);
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp);
  const fetchPage: FetchPage = (segment, pageToken) =>
    parts.page(
      { namespace: from.namespace, segment, pageToken, ...(selection && { selection }) },
      { ...options, signal: gone.signal },
    );
  const scan = new ScanUnderWay(from, concurrency, fetchPage);
  try {
    for (;;) {
      const page = await scan.next();
      if (page === undefined) return;
      yield page;
    }
  } finally {
    if (scan.isUnderWay) giveUp();
    signal.removeEventListener("abort", giveUp);
    await scan.ended();
  }
}

/** Made once: without a reason a `DOMException` is made each time, with its stack. */
const GIVEN_UP = new KvError("CANCELLED", "nobody takes pages of the scan any more");

async function startOf(
  { namespace, segments = 1, from }: ScanInput,
  options: CallOptions | undefined,
  parts: ScanParts,
): Promise<ScanCheckpoint> {
  if (from !== undefined) {
    checkSegmentCount(from.segments.length);
    return from;
  }
  checkSegmentCount(segments);
  if (namespace === undefined) {
    throw new KvError("INVALID_ARGUMENT", "scan has no namespace, wanted one or a checkpoint");
  }
  // Once for all segments: an alias that is pointed elsewhere in between would have the scan be of two namespaces.
  const resolved = await parts.resolve(namespace, options);
  return { namespace: resolved, segments: Array.from({ length: segments }, () => "begin") };
}

type FetchPage = (
  segment: ScanSegment,
  pageToken: Uint8Array | undefined,
) => Promise<ScanItemsResult>;

type Arrived = { readonly segment: number; readonly result: ScanItemsResult };

class ScanUnderWay {
  readonly #namespace: string;
  readonly #positions: SegmentPosition[];
  readonly #concurrency: number;
  readonly #fetch: FetchPage;
  /** The first segment that may not have been begun. */
  #next = 0;
  /** Segments with a page that is fetched or waits. */
  #busy = 0;
  /** Fetches, each of which settles without failing. */
  readonly #out = new Set<Promise<void>>();
  readonly #ready: Arrived[] = [];
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor({ namespace, segments }: ScanCheckpoint, concurrency: number, fetchPage: FetchPage) {
    this.#namespace = namespace;
    this.#positions = [...segments];
    this.#concurrency = concurrency;
    this.#fetch = fetchPage;
  }

  /** The next page of any segment, undefined after the last. */
  async next(): Promise<ScannedPage | undefined> {
    this.#begin();
    while (this.#ready.length === 0) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#busy === 0) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#take(this.#ready.shift() as Arrived);
  }

  /** Whether a page is on its way. */
  get isUnderWay(): boolean {
    return this.#out.size > 0;
  }

  /** Resolves when nothing is under way any more. */
  async ended(): Promise<void> {
    await Promise.all(this.#out);
  }

  /** Has as many segments at work as may be. */
  #begin(): void {
    const segments = this.#positions.length;
    for (; this.#busy < this.#concurrency && this.#next < segments; this.#next += 1) {
      const position = this.#positions[this.#next] as SegmentPosition;
      if (position === "end") continue;
      this.#busy += 1;
      this.#send(this.#next, position === "begin" ? undefined : position);
    }
  }

  #take({ segment, result }: Arrived): ScannedPage {
    const { items, nextPageToken } = result;
    this.#positions[segment] = nextPageToken ?? "end";
    const checkpoint = { namespace: this.#namespace, segments: [...this.#positions] };
    if (nextPageToken !== undefined) this.#send(segment, nextPageToken);
    else {
      this.#busy -= 1;
      this.#begin();
    }
    return { segment, items, checkpoint };
  }

  #send(segment: number, pageToken: Uint8Array | undefined): void {
    // After a failure nothing more is asked for: the pages that came before it are still to be had.
    if (this.#failure !== undefined) return;
    const of = this.#positions.length;
    const fetching = this.#fetch(of === 1 ? WHOLE_NAMESPACE : { index: segment, of }, pageToken)
      .then(
        (result) => {
          this.#ready.push({ segment, result });
        },
        (error: unknown) => {
          this.#failure ??= { error };
        },
      )
      .then(() => {
        this.#out.delete(fetching);
        this.#wake();
      });
    this.#out.add(fetching);
  }
}
