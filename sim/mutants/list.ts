/** The planted bugs. Each is one that somebody could write; each must be found, and nothing without it. */
import type { Mutant } from "./mutant.ts";

/** In the simulated replicas, or in code above any engine. */
const CORE: readonly Mutant[] = [
  {
    name: "retry-with-new-token",
    family: "idempotency",
    rule: "TOK-4",
    file: "src/client/call.ts",
    find: "await parts.transport(request, { budget, signal });",
    replace:
      'await parts.transport(attempts === 1 || request.kind === "get_items" ? request : ' +
      "{ ...request, token: { ...request.token, generationTime: clock.wall() } }, { budget, signal });",
  },
  {
    name: "no-tie-break",
    family: "last-write-wins",
    rule: "TOK-6",
    file: "src/model/version.ts",
    find: "return compareBytes(a.nonce, b.nonce);",
    replace: "return 0;",
  },
  {
    name: "delete-without-tombstone",
    family: "tombstones",
    rule: "DEL-4",
    file: "src/engines/memory/memory-record.ts",
    find: "    record.rows.set(row);\n",
    replace:
      "    if (row.removeAt !== 0) record.rows.delete(row.key); else record.rows.set(row);\n",
  },
  {
    name: "inclusive-page-token",
    family: "pagination",
    rule: "PAGE-2",
    file: "src/model/range.ts",
    find: "start: successor(key), end",
    replace: "start: key, end",
  },
  {
    name: "cursor-skips-prefix-keys",
    family: "pagination",
    rule: "PAGE-2",
    file: "src/model/range.ts",
    find: "start: successor(key), end",
    replace:
      "start: key.length > 0 && key[key.length - 1] < 255 ? Uint8Array.from(key, " +
      "(byte, i) => (i === key.length - 1 ? byte + 1 : byte)) : successor(key), end",
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

/** In the handling of values that lie in chunks. */
const CHUNKS: readonly Mutant[] = [
  {
    name: "commit-before-chunks",
    family: "chunks",
    rule: "CHUNK-5",
    file: "src/service/put-items.ts",
    find: "await writeValue(chunks, { id, key, token }, value, chunk.count, engine);",
    replace:
      "void writeValue(chunks, { id, key, token }, value, chunk.count, engine).catch(() => {});",
  },
  {
    name: "client-commits-before-chunks",
    family: "chunks",
    rule: "CHUNK-5",
    file: "src/client/kv-client.ts",
    find: "await this.#send(request, bounds);\n      },",
    replace: "void this.#send(request, bounds).catch(() => {});\n      },",
  },
  {
    name: "versions-share-chunks",
    family: "chunks",
    rule: "CHUNK-2",
    file: "src/model/chunk.ts",
    find: "${generationTime.toString(36)}.${toHex(nonce)}.${ownerHash",
    replace: "${generationTime > 0}.${nonce.length}.${ownerHash",
  },
  {
    name: "collector-ignores-head",
    family: "chunks",
    rule: "CHUNK-5",
    file: "src/policy/collect-chunks.ts",
    find: "if (head !== undefined && sameToken(head, staged)) return",
    replace: "if (head !== undefined && head === staged && sameToken(head, staged)) return",
  },
  {
    name: "collector-impatient-with-writers",
    family: "chunks",
    rule: "CHUNK-5",
    file: "src/policy/collect-chunks.ts",
    find: "if (now - staged.generationTime <= patience.settledAge) return",
    replace: "if (now - staged.generationTime <= 20_000) return",
  },
  {
    name: "abandoned-chunks-stay",
    family: "chunks",
    rule: "CHUNK-4",
    file: "src/policy/collect-chunks.ts",
    find: "if (head !== undefined && sameToken(head, staged)) return",
    replace: "if (head === undefined || sameToken(head, staged)) return",
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
    find: "if (order > 0) return STORE;",
    replace: "if (order !== 0) return STORE;",
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
export const MUTANTS: readonly Mutant[] = [...CORE, ...CHUNKS, ...ADAPTERS];
