/** Planted bugs after which all answers are right, and only what calls cost, or what is told of them, is not. */
import type { Mutant } from "./mutant.ts";

/** By rule. */
export const COSTLY: readonly Mutant[] = [
  {
    name: "chunks-one-after-another",
    family: "known costs",
    rule: "CHUNK-7",
    file: "src/codec/in-window.ts",
    find: "if (underWay.length >= width) yield",
    replace: "if (underWay.length >= 1) yield",
  },
  {
    name: "left-to-a-client-that-cannot",
    family: "known costs",
    rule: "CHUNK-9",
    file: "src/service/readable-values.ts",
    find: "return canDecode(item.metadata.compression, client) && (client.chunking || !isInChunks(item));",
    replace: "return canDecode(item.metadata.compression, client);",
  },
  {
    name: "load-of-all-time",
    family: "known costs",
    rule: "SIG-1",
    file: "src/service/server-load.ts",
    find: "this.#before = isNext ? this.#present : noRequests();",
    replace: "this.#before = this.#present;",
  },
  {
    name: "wrapped-to-say-the-same",
    family: "known costs",
    rule: "ERR-1",
    file: "src/model/error.ts",
    find: '  if (error.applied === "no") return error;\n',
    replace: "",
  },
  {
    name: "one-region-told-as-several",
    family: "known costs",
    rule: "CONS-1",
    file: "src/policy/consistency.ts",
    find: "found: regions > 1 ?",
    replace: "found: regions > 0 ?",
  },
];
