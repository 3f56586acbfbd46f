/** Planted bugs in the handling of values that lie in chunks. */
import type { Mutant } from "./mutant.ts";

/** Staging, commit, and collection. */
export const CHUNKS: readonly Mutant[] = [
  {
    name: "chunks-at-the-very-bound",
    family: "chunks",
    rule: "CHUNK-1",
    file: "src/policy/plan-chunks.ts",
    find: "return storedBytes > aboveBytes;",
    replace: "return storedBytes >= aboveBytes;",
  },
  {
    name: "commit-before-chunks",
    family: "chunks",
    rule: "RES-1",
    file: "src/service/put-items.ts",
    find: "await writeValue(chunks, place, value, chunk.count, engine);",
    replace: "void writeValue(chunks, place, value, chunk.count, engine).catch(() => {});",
  },
  {
    name: "client-commits-before-chunks",
    family: "chunks",
    rule: "CHUNK-5",
    file: "src/client/chunk-requests.ts",
    find: 'await send({ kind: "stage_chunks", ...target, ...portion, capabilities });',
    replace:
      'void send({ kind: "stage_chunks", ...target, ...portion, capabilities }).catch(() => {});',
  },
  {
    // The checksum turns what would be a mix into a loss.
    name: "versions-share-chunks",
    family: "chunks",
    rule: "CHUNK-4",
    file: "src/model/chunk.ts",
    find: "`${write}.${toHex(owner.staging)}.$",
    replace: "`${write.length > 0}.${owner.staging.length}.$",
  },
  {
    name: "chunks-overlap",
    family: "chunks",
    rule: "CHUNK-2",
    file: "src/codec/join-chunks.ts",
    find: "value.set(bytes, at);",
    replace: "value.set(bytes, Math.max(0, at - 1));",
  },
  {
    name: "collector-ignores-head",
    family: "chunks",
    rule: "CHUNK-5",
    file: "src/policy/collect-chunks.ts",
    find: "if (head !== undefined && sameStaging(head, staged)) {",
    replace: "if (head !== undefined && head === staged && sameStaging(head, staged)) {",
  },
  {
    name: "collector-impatient-with-writers",
    family: "chunks",
    rule: "CHUNK-5",
    file: "src/policy/collect-chunks.ts",
    find: "if (now - staged.token.generationTime <= patience.settledAge) return",
    replace: "if (now - staged.token.generationTime <= 0) return",
  },
  {
    name: "abandoned-chunks-stay",
    family: "chunks",
    rule: "CHUNK-4",
    file: "src/policy/collect-chunks.ts",
    find: "if (head !== undefined && sameStaging(head, staged)) {",
    replace: "if (head === undefined || sameStaging(head, staged)) {",
  },
];
