/** What is recorded of the cache of a world. */
import type { Micros } from "kvdal";
import type { RequestRecord } from "./request-words.ts";
import type { SharableRecord } from "./server-history.ts";

/** What the servers of a world asked of their cache, and kept in it. */
export type CacheHistory = {
  /** What the namespace promises: longest life of an entry, failures in a row until it is left alone, and how long. */
  readonly rules: { readonly ttl: Micros; readonly failuresMax: number; readonly openFor: Micros };
  /** Entries stored: how long they are to live, by their server's clock, and how far beyond the end of their items. */
  readonly fills: readonly { readonly life: Micros; readonly beyondItem: Micros }[];
  /** Looks at a cache that had failed so often in a row, so long after the last time. */
  readonly asks: readonly { readonly failures: number; readonly since: Micros }[];
  /** Reads answered with an error, the time that was left, and how often the primary had failed them. */
  readonly failedReads: readonly {
    readonly code: string;
    readonly timeLeft: Micros;
    readonly primaryFailures: number;
    readonly request?: RequestRecord | undefined;
  }[];
  /** Reads of the primary that could have shared one under way. */
  readonly sharable: readonly SharableRecord[];
};
