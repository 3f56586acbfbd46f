/**
 * What an operator asks of a running client or server: counters and histograms by name. The core tells, whoever
 * assembles it decides where that goes. Telling is synchronous, cheap and never throws; nothing is decided by it.
 */

import type { KvErrorCode } from "../model/error.ts";

/** Things that are counted. */
export type CounterName =
  /** Pages that ended before their byte budget because time was short (SLO-2). */
  | "pages_cut_early"
  /** Rows that pages of scans looked at, dead ones included (SCAN-1). */
  | "rows_scanned"
  /** Partitions of chunks removed since nothing refers to them (CHUNK-4). */
  | "chunks_collected"
  /** Attempts after the first, by what the one before them failed with (RETRY-2). */
  | `retries_after_${KvErrorCode}`
  /** Calls that were not tried again because the budget for that was used up (RETRY-2). */
  | "retries_over_budget"
  /** Second attempts beside one that took longer than the target, and those of them that answered first (RETRY-3). */
  | "hedges"
  | "hedges_won"
  /** Handshakes of clients that had not heard of their server for long (SIG-1). */
  | "handshakes_after_silence"
  /** Calls that a client held back for a moment, or did not send, since its server is loaded (SIG-3). */
  | "calls_slowed"
  | "calls_dropped"
  /** Requests that a server refused since too many were in progress (RES-2). */
  | "requests_shed"
  /** Lists accepted and logged, and those that were refused since too many wait already (MUT-1, RES-2). */
  | "log_lists_accepted"
  | "log_lists_refused"
  /** Logged mutations applied, and those that ended as dead letters. */
  | "log_mutations_applied"
  | "log_dead_letters"
  /** Questions that were answered from the cache, and those that it had no answer to (CACHE-1). */
  | "cache_hits"
  | "cache_misses"
  /** Entries that were found but not believed: of an older stamp, or past their time; and stamps of writes under way. */
  | "cache_stale"
  | "cache_markers"
  /** Entries stored, and those that were not, or not for certain. */
  | "cache_fills"
  | "cache_fills_refused"
  /** Calls that the cache did not answer, times that it was given up for a while, and questions not asked since then. */
  | "cache_failures"
  | "cache_breaker_opened"
  | "cache_bypassed"
  /** Reads that shared another's read of the primary (CACHE-5). */
  | "cache_reads_shared"
  /** Writes refused, or left unknown, since the cache would have gone on showing what they replace (CACHE-2). */
  | "cache_writes_refused";

/** Things that are measured; microseconds where the name says so. */
export type HistogramName =
  /** Bytes of keys and values of a page, as its budget counts them (PAGE-1). */
  | "page_bytes"
  /** After a round of an applier: lists that still wait, and for how long the oldest of them has. */
  | "log_lists_pending"
  | "log_lag_micros";

/** The port. */
export type Telemetry = {
  /** Adds `by`, default 1, to a counter. */
  readonly count: (name: CounterName, by?: number) => void;
  /** Adds one value, >= 0, to a histogram. */
  readonly observe: (name: HistogramName, value: number) => void;
};

/** Tells nobody. */
export const silent: Telemetry = { count: () => {}, observe: () => {} };
