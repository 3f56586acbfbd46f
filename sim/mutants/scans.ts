/** Planted bugs in scans of whole namespaces. */
import type { Mutant } from "./mutant.ts";

/** Places, segments, checkpoints. */
export const SCANS: readonly Mutant[] = [
  {
    name: "scan-skips-rest-of-record",
    family: "scans",
    rule: "SCAN-1",
    file: "src/service/scan-source.ts",
    find: "encodeRowPlace({ id, key })",
    replace: "encodeRowPlace({ id, key: new Uint8Array(1_000).fill(0xff) })",
  },
  {
    name: "scan-page-begins-a-record-anew",
    family: "scans",
    rule: "SCAN-1",
    file: "src/service/scan-source.ts",
    find: "after: decodeRowPlace(rest)",
    replace: "after: { ...decodeRowPlace(rest), key: new Uint8Array(0) }",
  },
  {
    name: "scan-segments-overlap",
    family: "scans",
    rule: "SCAN-1",
    file: "src/engines/shared/scan-buckets.ts",
    find: "end: bound(index + 1) }",
    replace: "end: bound(index + 1) + 1 }",
  },
  {
    name: "scan-checkpoint-ahead-of-pages",
    family: "scans",
    rule: "SCAN-1",
    file: "src/client/scan.ts",
    find: "this.#ready.push({ segment, result });",
    replace:
      'this.#positions[segment] = result.nextPageToken ?? "end"; this.#ready.push({ segment, result });',
  },
  {
    name: "scan-checkpoint-behind-pages",
    family: "scans",
    rule: "SCAN-1",
    file: "src/client/scan.ts",
    find: 'this.#positions[segment] = nextPageToken ?? "end";',
    replace: 'if (nextPageToken === undefined) this.#positions[segment] = "end";',
  },
  {
    name: "scan-segments-by-alias",
    family: "scans",
    rule: "SCAN-1",
    file: "src/client/kv-client.ts",
    find: "(await this.#greet(namespace, this.#bounds(given))).namespace,",
    replace: "(await this.#greet(namespace, this.#bounds(given))) && namespace,",
  },
  {
    name: "scan-ends-at-an-empty-page",
    family: "scans",
    rule: "SCAN-1",
    file: "src/client/scan.ts",
    find: "if (nextPageToken !== undefined) this.#send(",
    replace: "if (nextPageToken !== undefined && items.length > 0) this.#send(",
    origin:
      "DynamoDB's LastEvaluatedKey and Cassandra's paging state: an empty page with one is not the end",
  },
];
