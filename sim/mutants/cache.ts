/** Planted bugs in the cache tier: what others have done, and what it would be without one of its rules. */
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
  ...PLANTED.map((mutant) => ({ ...mutant, cached: true })),
  KEEPS_NOTHING,
];
