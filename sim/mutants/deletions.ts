/** Planted bugs in what deletions hide, for how long, and what a put after one shows. */
import type { Mutant } from "./mutant.ts";

/** Deletions of items, ranges and records, and puts beside them. */
export const DELETIONS: readonly Mutant[] = [
  {
    name: "record-deletion-spares-the-empty-key",
    family: "deletions",
    rule: "DEL-1",
    file: "src/engines/shared/tombstones.ts",
    find: 'const range = mutation.kind === "delete_range" ? mutation.range : ALL_KEYS;',
    replace:
      'const range = mutation.kind === "delete_range" ? mutation.range : { start: Uint8Array.of(0) };',
  },
  {
    name: "range-deletion-spares-its-first-key",
    family: "deletions",
    rule: "DEL-2",
    file: "src/service/delete-items.ts",
    find: 'return [{ kind: "delete_range", range: predicate.range, version }];',
    replace:
      'const { start, end } = predicate.range; return [{ kind: "delete_range", ' +
      "range: { start: start && Uint8Array.of(...start, 0), end }, version }];",
  },
  {
    name: "one-marker-for-many-keys",
    family: "deletions",
    rule: "DEL-3",
    file: "src/service/delete-items.ts",
    find: "return checkedKeys(predicate.keys, namespace).map((key) => ({",
    replace: "return checkedKeys(predicate.keys, namespace).slice(-1).map((key) => ({",
  },
  {
    name: "markers-due-at-once",
    family: "deletions",
    rule: "DEL-5",
    file: "src/policy/spread-delete.ts",
    find: "return token.generationTime + retention + Math.floor(jitter * share);",
    replace: "return token.generationTime + Math.floor(share);",
  },
  {
    name: "deletions-beat-all-puts",
    family: "last-write-wins",
    rule: "PUT-4",
    file: "src/model/version.ts",
    find: "  if (a.time !== b.time) return a.time - b.time;\n",
    replace:
      "  if ((a.rank === 2) !== (b.rank === 2)) return a.rank - b.rank;\n" +
      "  if (a.time !== b.time) return a.time - b.time;\n",
  },
  {
    name: "deletions-beat-puts-close-by",
    family: "last-write-wins",
    rule: "DEL-6",
    file: "src/model/version.ts",
    find: "  if (a.time !== b.time) return a.time - b.time;\n",
    replace:
      "  const isClose = Math.trunc(a.time / 10_000) === Math.trunc(b.time / 10_000);\n" +
      "  if (isClose && (a.rank === 2) !== (b.rank === 2)) return a.rank - b.rank;\n" +
      "  if (a.time !== b.time) return a.time - b.time;\n",
  },
  {
    name: "old-item-makes-room-for-chunks",
    family: "chunks",
    rule: "CHUNK-3",
    file: "src/service/put-items.ts",
    find: "  const stored = await stageLarge(request, namespace, call, now, parts.env.random);\n",
    replace:
      "  const large = request.items.filter(({ value }) => isChunked(value.length, namespace.limits.chunkAboveBytes));\n" +
      "  const before = { time: request.token.generationTime - 1, rank: 2, expiry: 0, nonce: request.token.nonce };\n" +
      '  const room = large.map(({ key }) => ({ kind: "delete_key", key, version: before, removeAt: 2 * now }));\n' +
      "  if (large.length > 0) await writeMutations(request.id, room, namespace, " +
      "engineCall(call, namespace.consistency, now));\n" +
      "  const stored = await stageLarge(request, namespace, call, now, parts.env.random);\n",
  },
];
