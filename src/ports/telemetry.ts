/**
 * What an operator asks of a running client or server: counters and histograms by name. The core tells, whoever
 * assembles it decides where that goes. Telling is synchronous, cheap and never throws; nothing is decided by it.
 */

import type { KvErrorCode } from "../model/error.ts";

/** Things that are counted. */
export type CounterName =
  /** Pages that ended before their byte budget because time was short (SLO-2). */
  | "pages_cut_early"
  /** Partitions of chunks removed since nothing refers to them (CHUNK-4). */
  | "chunks_collected"
  /** Attempts after the first, by what the one before them failed with (RETRY-2). */
  | `retries_after_${KvErrorCode}`;

/** Things that are measured; microseconds where the name says so. */
export type HistogramName =
  /** Bytes of keys and values of a page, as its budget counts them (PAGE-1). */
  "page_bytes";

/** The port. */
export type Telemetry = {
  /** Adds `by`, default 1, to a counter. */
  readonly count: (name: CounterName, by?: number) => void;
  /** Adds one value, >= 0, to a histogram. */
  readonly observe: (name: HistogramName, value: number) => void;
};

/** Tells nobody. */
export const silent: Telemetry = { count: () => {}, observe: () => {} };
