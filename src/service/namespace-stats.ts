/**
 * What a server has seen of its namespaces: sizes and latencies, in its memory alone. A server that has just started
 * knows nothing and asks carefully; nothing but speed depends on it.
 */
import { NO_SIZES, observeSizes, type SizeEstimate } from "../policy/estimate-size.ts";
import { NO_LATENCY, observeRead, type ReadLatency } from "../policy/project-slo.ts";
import type { Projection } from "../ports/storage-engine.ts";

/** What is known of one namespace. */
export type NamespaceStats = {
  /** Rows as the engine returned them, with and without values. */
  readonly sizes: Record<Projection, SizeEstimate>;
  latency: ReadLatency;
};

/** Most namespaces remembered; beyond it the one that was made first is forgotten (RES-2). */
const NAMESPACES_MAX = 1_000;

/** The statistics of one server, by the name of the namespace. */
export class ServerStats {
  readonly #byName: Map<string, NamespaceStats> = new Map();

  /** Those of a namespace, made when there are none. */
  of(namespace: string): NamespaceStats {
    const known = this.#byName.get(namespace);
    if (known !== undefined) return known;
    const [oldest] = this.#byName.keys();
    if (oldest !== undefined && this.#byName.size >= NAMESPACES_MAX) this.#byName.delete(oldest);
    const stats = { sizes: { rows: NO_SIZES, keys: NO_SIZES }, latency: NO_LATENCY };
    this.#byName.set(namespace, stats);
    return stats;
  }
}

/** Notes live rows that a read brought. */
export function noteRows(stats: NamespaceStats, projection: Projection, seen: SizeEstimate): void {
  if (seen.items > 0) stats.sizes[projection] = observeSizes(stats.sizes[projection], seen);
}

/** Notes how long a read took, also one that failed by its time. */
export function noteRead(
  stats: NamespaceStats,
  read: { readonly micros: number; readonly rows: number },
): void {
  stats.latency = observeRead(stats.latency, read);
}
