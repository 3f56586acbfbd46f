/** Writes through the cache: what they change is not believed any more before they are acknowledged (CACHE-2, CACHE-4). */
import { KvError } from "../model/error.ts";
import type { EngineCall, Mutation, MutationOutcome } from "../ports/storage-engine.ts";
import type { ServiceCall } from "./service-parts.ts";
import type { TierParts } from "./cached-reads.ts";

/**
 * Carries a write of one record out, at the primary by `work`, with the cache told before and after. When the cache
 * does not answer, that depends on what the namespace promises:
 *
 * - read-your-writes (`quorum`): before the primary is touched the write is refused, UNAVAILABLE and certainly not
 *   applied; after it the write is OUTCOME_UNKNOWN. Nothing is acknowledged while an older value could be served, so
 *   there are no acknowledged writes while the cache is away; reads go on.
 * - `eventual`: the write is carried out and acknowledged; what was cached before is served for as long as an entry
 *   lives, `cache.ttlMicros` at most.
 *
 * Every write of a namespace with a cache must come by here, whoever makes it.
 */
export async function writeThrough<T>(
  parts: TierParts,
  id: string,
  mutations: readonly Mutation[],
  call: EngineCall,
  work: () => Promise<T>,
): Promise<T> {
  const { cache, env, slots, stamps } = parts;
  const changed = slots.changedBy(id, mutations);
  if (!(await stamps.mark(changed, patiently(call, parts))) && cache.strict) {
    env.telemetry.count("cache_writes_refused");
    const wanted = "wanted it to forget what this write replaces";
    throw new KvError("UNAVAILABLE", `the cache did not answer, ${wanted}`, { applied: "no" });
  }
  const result = await work();
  if (!(await stamps.renew(changed, patiently(call, parts))) && cache.strict) {
    env.telemetry.count("cache_writes_refused");
    const wanted = "wanted it to forget what this write replaced";
    throw new KvError("OUTCOME_UNKNOWN", `the cache did not answer, ${wanted}`);
  }
  return result;
}

/**
 * The time that the cache has to answer a write. Where the write depends on it that is more than a read would wait, and
 * yet never so much that the primary has too little; where it does not, the write is not to be slower by more than this.
 */
function patiently({ signal, deadline }: EngineCall, { cache, env }: TierParts): ServiceCall {
  const now = env.clock.monotonic();
  const patience = cache.strict ? STRICT_PATIENCE * cache.timeout : cache.timeout;
  return { signal, deadline: now + Math.min(patience, Math.floor((deadline - now) / 2)) };
}

/** How much longer a write that depends on the answer waits than a read. */
const STRICT_PATIENCE = 25;

/** Mutations of one record. */
export function writeMutationsThrough(
  parts: TierParts,
  id: string,
  mutations: readonly Mutation[],
  call: EngineCall,
): Promise<readonly MutationOutcome[]> {
  const { engine, table } = parts.namespace;
  const work = () => engine.write({ table, id }, mutations, call);
  return writeThrough(parts, id, mutations, call, work);
}
