/** Operations in words. */
import type { ListedOperation, Operation } from "../workload/operation.ts";
import { listed } from "./listed.ts";
import { duration } from "./measures.ts";

/** What its client does: `puts key 0 of record 1`. */
export function operationWords(operation: Operation): string {
  const of = ` of record ${operation.record}`;
  switch (operation.kind) {
    case "put": {
      const { items, ttl } = operation;
      const longest = Math.max(...items.map(({ bytes }) => bytes));
      const size = longest > VALUE_BYTES_MIN ? `, up to ${longest} bytes` : "";
      const life = ttl > 0 ? `, to live ${duration(ttl)}` : "";
      return `puts ${keyWords(items.map(({ key }) => key))}${of}${size}${life}`;
    }
    case "get":
      return `gets ${keyWords(operation.keys)}${of}`;
    case "page":
      return `reads ${pageWords(operation)}${of}`;
    case "scan":
      return `scans the namespace in ${operation.segments} segments${aliasWords(operation)}`;
    case "delete_keys":
    case "delete_range":
    case "delete_record":
      return `deletes ${deletionWords(operation)}${of}`;
    case "list":
      return `hands in a list: ${listWords(operation.mutations)}`;
    case "status":
      return "asks what became of its last list";
    default:
      throw operation satisfies never;
  }
}

const VALUE_BYTES_MIN = 4;
/** Pages that hold all of a record go without saying. */
const PAGE_BYTES = 4_096;

/** `key 3`, `keys 3 and 4`. */
function keyWords(keys: readonly number[]): string {
  return `key${keys.length === 1 ? "" : "s"} ${listed(keys.map(String))}`;
}

function pageWords(operation: Extract<Operation, { kind: "page" }>): string {
  const { from, to, pageBytes, itemLimit, reverse } = operation;
  const limit = itemLimit > 0 ? `, at most ${itemLimit} items` : "";
  const order = reverse ? " backwards" : "";
  const small = pageBytes < PAGE_BYTES ? ` in pages of ${pageBytes} bytes` : "";
  const pages = `${order}${aliasWords(operation)}${small}${limit}`;
  return `keys ${from} to before ${to}${pages}${small + limit === "" ? "" : ","}`;
}

function aliasWords({ byAlias }: { readonly byAlias: boolean }): string {
  return byAlias ? " by the alias" : "";
}

type Deletion = { readonly kind: string } & (
  | { readonly kind: "delete_keys"; readonly keys: readonly number[] }
  | { readonly kind: "delete_range"; readonly from: number; readonly to: number }
  | { readonly kind: "delete_record" }
);

function deletionWords(deletion: Deletion): string {
  switch (deletion.kind) {
    case "delete_keys":
      return keyWords(deletion.keys);
    case "delete_range":
      return `keys ${deletion.from} to before ${deletion.to}`;
    case "delete_record":
      return "all";
    default:
      throw deletion satisfies never;
  }
}

/** Of several each has its number, from 1. */
function listWords(mutations: readonly ListedOperation[]): string {
  if (mutations.length < 2) return mutations.map(mutationWords).join("");
  return mutations.map((mutation, i) => `(${i + 1}) ${mutationWords(mutation)}`).join("; ");
}

function mutationWords(mutation: ListedOperation): string {
  const of = ` of record ${mutation.record}${mutation.isDoomed ? " in the doomed namespace" : ""}`;
  if (mutation.kind === "put") return `put ${keyWords(mutation.keys)}${of}`;
  return `delete ${deletionWords(mutation)}${of}`;
}
