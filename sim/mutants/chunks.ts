/** Planted bugs in the handling of values that lie in chunks. */
import type { Mutant } from "./mutant.ts";

/** Staging, commit, and collection. */
export const CHUNKS: readonly Mutant[] = [
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
