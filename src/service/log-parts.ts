/** What both ends of the log work with, and what this server knows of the lists that wait. */
import type { CodecParts } from "../codec/codec-parts.ts";
import type { Micros } from "../model/time.ts";
import type { Log } from "../namespace/log.ts";
import type { NamespaceRegistry } from "../namespace/registry.ts";
import type { LogPressure } from "../policy/log-rules.ts";
import type { Env } from "../ports/env.ts";
import type { CacheTiers } from "./cache-tier.ts";
import type { Queue } from "./log-store.ts";

/** The parts of a log at one server. */
export type LogParts = {
  readonly env: Env;
  readonly log: Log;
  readonly namespaces: NamespaceRegistry;
  readonly codec: CodecParts;
  /** What is applied goes through the caches of its namespaces, as ordinary writes do (CACHE-2). */
  readonly tiers: CacheTiers;
  readonly gauge: LogGauge;
  /** By their records: queues that this server has made known, a few, of the latest time. */
  readonly knownQueues: Map<string, Queue>;
  /** By shard: the first bucket that its index can still name, by this applier's last look. */
  readonly firstBuckets: Map<number, number>;
};

/**
 * Lists that wait, as far as this server knows: what its applier saw in its last round, and what it accepted since.
 * Servers that only accept learn it from a round, too: each runs an applier.
 */
export class LogGauge {
  #seen = 0;
  #since = 0;
  #oldest: Micros | undefined;

  /** A list was accepted here. */
  accepted(at: Micros): void {
    this.#since += 1;
    this.#oldest ??= at;
  }

  /** A round begins: what is accepted from now on it may not see. */
  beginRound(): void {
    this.#seen += this.#since;
    this.#since = 0;
  }

  /** A round is over, in which it saw the whole of every queue; so many lists were left. */
  endRound(left: number, oldest: Micros | undefined): void {
    this.#seen = left;
    this.#oldest = oldest;
  }

  pressure(now: Micros): LogPressure {
    const lag = this.#oldest === undefined ? 0 : Math.max(0, now - this.#oldest);
    return { pending: this.#seen + this.#since, lag };
  }
}
