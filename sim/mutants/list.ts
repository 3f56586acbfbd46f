/** The planted bugs. Each is one that somebody could write; each must be found, and nothing without it. */
import { ATTEMPTS } from "./attempts.ts";
import { CACHE } from "./cache.ts";
import { CHUNKS } from "./chunks.ts";
import { CLOCKS } from "./clocks.ts";
import { CONDITIONAL_BUGS } from "./conditional.ts";
import { COSTLY } from "./costs.ts";
import { DATED_ANEW } from "./dated-anew.ts";
import { DELETIONS } from "./deletions.ts";
import { EXACT } from "./exact.ts";
import { LISTS } from "./lists.ts";
import { FAULT_BUGS } from "./faults.ts";
import { LINKS } from "./links.ts";
import { MESSAGES } from "./messages.ts";
import type { Mutant } from "./mutant.ts";
import { PAGES } from "./pages.ts";
import { EQUIVALENT, PUBLIC } from "./public.ts";
import { REGIONS } from "./regions.ts";
import { SCANS } from "./scans.ts";
import { SERVICE_LEVELS } from "./service-levels.ts";

/** What makes and carries tokens, and what takes them. */
const TOKENS: readonly Mutant[] = [
  {
    name: "retry-with-new-token",
    family: "idempotency",
    rule: "TOK-4",
    file: "src/client/call.ts",
    find: "  if (hedgeAfter === undefined) return transport(request, call);",
    replace:
      "  if (hedgeAfter === undefined) return transport(call.turn === 0 || !isMutation(request) ? request : " +
      "{ ...request, token: { ...request.token, generationTime: env.clock.wall() } }, call);",
    origin:
      "FoundationDB's commit_unknown_result: a transaction that is tried again as another one takes effect twice",
  },
  {
    name: "tokens-as-the-clock-stands",
    family: "tokens",
    rule: "TOK-2",
    file: "src/model/token.ts",
    find: "return now > last ? now : last + 1;",
    replace: "return now;",
    faults: ["clock_coarse"],
  },
  {
    name: "clock-read-once-for-tokens",
    family: "tokens",
    rule: "TOK-9",
    file: "src/client/token-source.ts",
    find: "nextGenerationTime(newest, now)",
    replace: "nextGenerationTime(newest, newest === 0 ? now : 0)",
  },
  {
    name: "refused-token-let-go-while-the-clock-stands",
    family: "tokens",
    rule: "TOK-2",
    file: "src/client/token-source.ts",
    find: "now >= issuedAt",
    replace: "now > issuedAt",
    faults: ["clock_coarse"],
  },
  {
    name: "drift-as-wide-as-age",
    family: "tokens",
    rule: "TOK-3",
    file: "src/policy/admit-token.ts",
    find: "(now + window.maxDrift)",
    replace: "(now + window.maxAge)",
  },
  {
    name: "window-longer-by-two-milliseconds",
    family: "tokens",
    rule: "TOK-3",
    file: "src/policy/admit-token.ts",
    find: "const past = now - window.maxAge - generationTime;",
    replace: "const past = now - window.maxAge - 2_000 - generationTime;",
  },
  {
    name: "refusal-forgets-the-unknown",
    family: "outcomes",
    rule: "TOK-8",
    file: "src/client/call.ts",
    find: "throw unknown ? withUnknownOutcome(last) : last;",
    replace: "throw last;",
  },
  {
    name: "expiry-counted-from-arrival",
    family: "expiry",
    rule: "TTL-2",
    file: "src/service/check-put.ts",
    find: "  return expiry;\n}",
    replace: "  return expiry - writeTime + now;\n}",
  },
];

/** What the simulated replicas keep, and what of it is returned. */
const ROWS: readonly Mutant[] = [
  {
    name: "put-ignores-version",
    family: "last-write-wins",
    rule: "CONS-2",
    file: "src/engines/shared/last-write-wins.ts",
    find: "return compareVersions(arriving, present) > 0;",
    replace: "return compareVersions(arriving, present) !== 0;",
  },
  {
    name: "versions-in-milliseconds",
    family: "last-write-wins",
    rule: "TOK-5",
    file: "src/model/version.ts",
    find: "if (a.time !== b.time) return a.time - b.time;",
    replace:
      "const apart = Math.trunc(a.time / 1000) - Math.trunc(b.time / 1000); " +
      "if (apart !== 0) return apart;",
  },
  {
    name: "no-tie-break",
    family: "last-write-wins",
    rule: "TOK-6",
    file: "src/model/version.ts",
    find: "return compareBytes(a.nonce, b.nonce);",
    replace: "return 0;",
    faults: ["clock_coarse"],
  },
  {
    name: "row-of-two-writers",
    family: "last-write-wins",
    rule: "TOK-6",
    file: "src/engines/memory/memory-record.ts",
    find: "  const stays = record.rows.put(row, beats);\n",
    replace:
      "  const metadata = record.rows.get(row.key)?.metadata;\n" +
      "  const stays = record.rows.put(metadata?.length > 0 ? { ...row, metadata } : row, beats);\n",
    origin:
      "Cassandra's cells are reconciled one by one: where timestamps are equal, a row mixes two writers (Jepsen, 2013)",
  },
  {
    name: "values-cut-short",
    family: "bytes",
    rule: "DATA-1",
    file: "src/engines/memory/memory-record.ts",
    find: "{ key, value, metadata, version, removeAt: 0 }",
    replace: "{ key, value: value.subarray(0, 128), metadata, version, removeAt: 0 }",
  },
  {
    name: "delete-without-tombstone",
    family: "tombstones",
    rule: "DEL-4",
    file: "src/engines/memory/memory-record.ts",
    find: "  const stays = record.rows.put(row, beats);\n",
    replace:
      "  const stays = record.rows.put(row, beats);\n" +
      "  if (stays === undefined && row.removeAt !== 0) record.rows.delete(row.key);\n",
  },
  {
    name: "token-pins-the-alias",
    family: "namespaces",
    rule: "NS-4",
    file: "src/service/get-items.ts",
    find: "resolved: namespace.name,",
    replace: "resolved: request.namespace,",
    faults: ["alias_flip"],
  },
  {
    name: "expired-items-shown",
    family: "expiry",
    rule: "TTL-1",
    file: "src/service/collect-page.ts",
    find: "expiry !== 0 && expiry <= now",
    replace: "expiry !== 0 && expiry + 10_000 <= now",
  },
  {
    name: "gone-before-expiry",
    family: "expiry",
    rule: "TTL-1",
    file: "src/service/collect-page.ts",
    find: "expiry !== 0 && expiry <= now",
    replace: "expiry !== 0 && expiry <= now + 100_000",
  },
  {
    name: "items-written-one-by-one",
    family: "atomicity",
    rule: "PUT-2",
    file: "src/service/mutation.ts",
    find: "await engine.write({ table, id }, mutations, call)",
    replace:
      "(await Promise.all(mutations.map((one) => engine.write({ table, id }, [one], call)))).flat()",
  },
  {
    name: "ack-before-quorum",
    family: "quorum",
    rule: "PUT-3",
    file: "sim/backends/replicated/coordinator.ts",
    find: "if (acknowledged.size === quorum) {",
    replace: "if (acknowledged.size === 1) {",
  },
];

/** What is to be gone in the end. */
const ENDS: readonly Mutant[] = [
  {
    name: "pause-leaves-its-timer",
    family: "resources",
    rule: "RES-1",
    file: "src/ports/pause.ts",
    find: "    cancelTimer();\n",
    replace: "",
  },
  {
    name: "pause-leaves-its-listener",
    family: "resources",
    rule: "RES-1",
    file: "src/ports/pause.ts",
    find: '    if (isHeard) signal.removeEventListener("abort", end);\n',
    replace: "",
  },
];

/** In an adapter: a put that ignores its version, so that the last to arrive wins. */
const ADAPTERS: readonly Mutant[] = [
  {
    name: "rocksdb-put-ignores-version",
    family: "last-write-wins",
    rule: "TOK-5",
    engine: "rocksdb",
    file: "src/engines/shared/last-write-wins.ts",
    find: "return compareVersions(arriving, present) > 0;",
    replace: "return compareVersions(arriving, present) !== 0;",
  },
  {
    name: "cassandra-put-ignores-version",
    family: "last-write-wins",
    rule: "TOK-5",
    engine: "cassandra",
    file: "src/engines/cassandra/timestamps.ts",
    find: "return BigInt(version.time) * 4n + BigInt(version.rank);",
    replace: "return (globalThis.arrivals = (globalThis.arrivals ?? 0n) + 1n);",
  },
  {
    name: "dynamodb-put-ignores-version",
    family: "last-write-wins",
    rule: "TOK-5",
    engine: "dynamodb",
    file: "src/engines/dynamodb/write.ts",
    find: "OR ${VERSION} < :version`",
    replace: "OR ${VERSION} <> :version`",
  },
];

/** All of them. */
export const MUTANTS: readonly Mutant[] = [
  ...TOKENS,
  ...ROWS,
  ...PAGES,
  ...CHUNKS,
  ...DELETIONS,
  ...SERVICE_LEVELS,
  ...ATTEMPTS,
  ...SCANS,
  ...LISTS,
  ...CACHE,
  ...ENDS,
  ...EXACT,
  ...COSTLY,
  ...FAULT_BUGS,
  ...CLOCKS,
  ...LINKS,
  ...MESSAGES,
  ...DATED_ANEW,
  ...PUBLIC,
  ...EQUIVALENT,
  ...CONDITIONAL_BUGS,
  ...REGIONS,
  ...ADAPTERS,
];
