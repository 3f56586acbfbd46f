/** Planted bugs in the cache tier: what others have done, and what it would be without one of its rules. */
import { ANEW } from "./arrivals.ts";
import type { Mutant } from "./mutant.ts";

const PLANTED: readonly Mutant[] = [
  {
    name: "cached-items-of-several-moments",
    family: "cache",
    rule: "PUT-2",
    file: "src/service/cached-reads.ts",
    find: "const singly = read.keys.length === 1 || ",
    replace: "const singly = true || ",
  },
  {
    name: "cache-filled-naively",
    family: "cache",
    rule: "CACHE-2",
    file: "src/policy/cache-rules.ts",
    find: "return filledUnder.every(",
    replace: "return true || filledUnder.every(",
    origin: "stale sets, which leases prevent (Scaling Memcache at Facebook, NSDI 2013)",
  },
  {
    name: "cache-written-through",
    family: "cache",
    rule: "CACHE-2",
    file: "src/service/cached-writes.ts",
    find: "return writeThrough(parts, id, mutations, call, work);",
    replace:
      "return writeThrough(parts, id, mutations, call, work).then(async (out) => { for (const { kind, row } of mutations) { " +
      "const c = parts.access.admit(call); if (kind !== 'put' || !c) continue; " +
      "const at = [parts.slots.deletions(id), parts.slots.itemStamp(id, row.key)]; " +
      "const found = await Promise.all(at.map((slot) => parts.access.get(slot, c))); " +
      "const stamps = parts.stamps.inForce(found); " +
      "if (stamps) await parts.rows.fill(parts.slots.item(id, row.key), stamps, [row], c); } return out; });",
  },
  {
    name: "cache-told-only-before-the-write",
    family: "cache",
    rule: "CACHE-2",
    file: "src/service/cached-writes.ts",
    find: "if (!(await stamps.renew(changed, patiently(call, parts))) && cache.strict) {",
    replace: "if (call === undefined) {",
  },
  {
    name: "cache-told-without-waiting",
    family: "cache",
    rule: "RES-1",
    file: "src/service/cached-writes.ts",
    find: "if (!(await stamps.renew(changed, patiently(call, parts))) && cache.strict) {",
    replace: "if (!stamps.renew(changed, patiently(call, parts)) && cache.strict) {",
  },
  {
    name: "cache-need-not-answer",
    family: "cache",
    rule: "CACHE-2",
    file: "src/namespace/caching.ts",
    find: 'strict: consistency !== "eventual",',
    replace: 'strict: consistency === "eventual",',
  },
  {
    name: "cache-stamps-repeat",
    family: "cache",
    rule: "CACHE-2",
    file: "src/service/cache-stamps.ts",
    find: "const stamp = this.#random.bytes(bytes);",
    replace: "const stamp = new Uint8Array(bytes);",
  },
  {
    name: "cache-read-joined-too-late",
    family: "cache",
    rule: "CACHE-1",
    file: "src/service/cached-reads.ts",
    find: "`keys ${keysText(asked)} ${under}`",
    replace: "`keys ${keysText(asked)}`",
  },
  {
    name: "cache-forgets-deleted-records",
    family: "cache",
    rule: "CACHE-4",
    file: "src/service/cache-slots.ts",
    find: "else all = true;",
    replace: "else all ||= false;",
  },
  {
    name: "cache-key-not-looked-at",
    family: "cache",
    rule: "CACHE-6",
    file: "src/engines/shared/cache-envelope.ts",
    find: "    if (bytes[ENVELOPE_HEAD_BYTES + i] !== key[i]) return undefined;\n",
    replace: "",
  },
  {
    name: "cache-outlives-items",
    family: "cache",
    rule: "CACHE-7",
    file: "src/policy/cache-rules.ts",
    find: "Math.min(most, endsAt - now)",
    replace: "most",
  },
  {
    name: "cache-breaker-never-opens",
    family: "cache",
    rule: "CACHE-3",
    file: "src/policy/breaker.ts",
    find: "return failures >= failuresMax;",
    replace: "return failures >= 1000 * failuresMax;",
  },
  {
    name: "cache-fails-reads",
    family: "cache",
    rule: "CACHE-3",
    file: "src/service/cache-access.ts",
    find: "      return failed;\n",
    replace: "      throw error;\n",
  },
  {
    name: "cache-error-is-absence",
    family: "cache",
    rule: "CACHE-1",
    file: "src/service/cached-rows.ts",
    find: 'if (found.kind !== "hit") return undefined;',
    replace: 'if (found.kind !== "hit") return found.kind === "unknown" ? [] : undefined;',
  },
  {
    name: "cache-page-is-a-record",
    family: "cache",
    rule: "CACHE-1",
    file: "src/service/cached-reads.ts",
    find: "if (page.resumeAfter !== undefined || read.projection",
    replace: "if (read.projection",
  },
  {
    name: "lists-applied-past-the-cache",
    family: "cache",
    rule: "CACHE-2",
    file: "src/service/apply-mutation.ts",
    find: "const namespace = tiers.over(configured);",
    replace: "const namespace = configured;",
  },
  {
    name: "cache-misses-all-read",
    family: "cache",
    rule: "CACHE-5",
    file: "src/service/flights.ts",
    find: "const other = this.#out.get(name);",
    replace: "const other = undefined;",
  },
];

const WORLD_CACHE = "sim/backends/cache/world-cache.ts";

/** What a cache's client library throws is to become a `KvError`: what does not is a fault of ours. */
const UNMAPPED = 'reject(new Error("the connection has ended"));';

/** Bugs that a fault of the cache reveals, and no other does. */
const OF_FAULTS: readonly Mutant[] = [
  {
    name: "cache-silence-not-mapped",
    family: "cache",
    rule: "ERR-3",
    file: WORLD_CACHE,
    find: "          this.#befell(server, SILENT);\n",
    replace: `          this.#befell(server, SILENT);\n          ${UNMAPPED}\n`,
    faults: ["cache_silent"],
  },
  {
    name: "cache-refusal-not-mapped",
    family: "cache",
    rule: "ERR-3",
    file: WORLD_CACHE,
    find: "      let hasArrived = false;\n",
    replace: `      let hasArrived = false;\n      if (!node.up) ${UNMAPPED}\n`,
    faults: ["cache_away"],
  },
  {
    name: "cache-out-of-reach-not-mapped",
    family: "cache",
    rule: "ERR-3",
    file: WORLD_CACHE,
    find: "        this.#befell(server, CUT_OFF);\n",
    replace: `        this.#befell(server, CUT_OFF);\n        ${UNMAPPED}\n`,
    faults: ["cache_cut_off"],
  },
  {
    name: "cache-lateness-not-mapped",
    family: "cache",
    rule: "ERR-3",
    file: WORLD_CACHE,
    find: "        const lateness = this.#lateness(key, server);\n",
    replace: `        const lateness = this.#lateness(key, server);\n        if (lateness > 2_000) ${UNMAPPED}\n`,
    faults: ["cache_late"],
  },
  {
    name: "write-held-up-is-dated-when-it-leaves",
    family: "dated anew",
    rule: "TOK-4",
    file: WORLD_CACHE,
    find: "        return await engine.write(partition, mutations, call);\n",
    replace:
      `        const anew = (m) => m.kind !== 'put' ? m : ${ANEW};\n` +
      "        return await engine.write(partition, isSlow ? mutations.map(anew) : mutations, call);\n",
    faults: ["cache_slow_write"],
  },
  {
    name: "cache-flush-not-mapped",
    family: "cache",
    rule: "ERR-3",
    file: WORLD_CACHE,
    find: "      let hasArrived = false;\n",
    replace:
      "      let hasArrived = false;\n      const { now } = node.world;\n" +
      "      for (const at of this.#parts.plan.flushes) if (at > now && at < now + 2_000) " +
      `node.world.after(at - now, EVENTS.cacheFlush.code, () => ${UNMAPPED.slice(0, -1)});\n`,
    faults: ["cache_flush"],
  },
  {
    name: "cache-out-of-memory-not-mapped",
    family: "cache",
    rule: "ERR-3",
    file: WORLD_CACHE,
    find: "        this.#evict(key, server);\n",
    replace:
      `        if (this.#happens(this.#parts.plan.evictPpm, key, 3)) ${UNMAPPED}\n` +
      "        this.#evict(key, server);\n",
    faults: ["cache_evict"],
  },
];

/** Nobody is told anything wrong: only a consumer that relies on the cache sees that there might as well be none. */
const KEEPS_NOTHING: Mutant = {
  name: "cache-keeps-nothing",
  family: "cache",
  rule: "CACHE-1",
  file: "src/service/cached-rows.ts",
  find: "if (life <= 0 || entryBytes(",
  replace: "if (life >= 0 || entryBytes(",
  workload: "streaming-metadata",
};

/** Bugs that the oracle of caches finds. */
export const CACHE: readonly Mutant[] = [
  ...[...PLANTED, ...OF_FAULTS].map((mutant) => ({ ...mutant, cached: true })),
  KEEPS_NOTHING,
];
