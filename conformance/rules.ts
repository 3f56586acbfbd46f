/** The rules of the contract as data: ids by the headings of SPEC.md, in its order. A test holds the two together. */

/** Rule ids by the heading under which SPEC.md has them. Ids are for good: never renumbered, never reused. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Data: ["DATA-1", "DATA-2", "DATA-3", "DATA-4", "DATA-5", "DATA-6", "DATA-7"],
  Namespaces: ["NS-1", "NS-2", "NS-3", "NS-4", "NS-5", "NS-6", "NS-7"],
  "Idempotency tokens": [
    "TOK-1",
    "TOK-2",
    "TOK-3",
    "TOK-4",
    "TOK-5",
    "TOK-6",
    "TOK-7",
    "TOK-8",
    "TOK-9",
  ],
  Puts: ["PUT-1", "PUT-2", "PUT-3", "PUT-4", "PUT-5"],
  Gets: ["GET-1", "GET-2", "GET-3", "GET-4", "GET-5", "GET-6"],
  Pages: ["PAGE-1", "PAGE-2", "PAGE-3", "PAGE-4", "PAGE-5", "PAGE-6"],
  "Service levels": ["SLO-1", "SLO-2", "SLO-3"],
  Deletes: ["DEL-1", "DEL-2", "DEL-3", "DEL-4", "DEL-5", "DEL-6"],
  "Time to live": ["TTL-1", "TTL-2", "TTL-3"],
  "Chunks, compression, signals, retries": [
    "CHUNK-1",
    "CHUNK-2",
    "CHUNK-3",
    "CHUNK-4",
    "CHUNK-5",
    "CHUNK-6",
    "CHUNK-7",
    "CHUNK-8",
    "CHUNK-9",
    "COMP-1",
    "COMP-2",
    "COMP-3",
    "SIG-1",
    "SIG-2",
    "SIG-3",
    "SIG-4",
    "RETRY-1",
    "RETRY-2",
    "RETRY-3",
  ],
  Caches: ["CACHE-1", "CACHE-2", "CACHE-3", "CACHE-4", "CACHE-5", "CACHE-6", "CACHE-7"],
  "Mutate, scan, consistency": ["MUT-1", "MUT-2", "MUT-3", "SCAN-1", "CONS-1", "CONS-2", "CONS-3"],
  "Errors and resources": ["ERR-1", "ERR-2", "ERR-3", "RES-1", "RES-2"],
};

/** A rule: its id, and the heading it stands under. */
export type Rule = { readonly id: string; readonly group: string };

/** Every rule, in the order of SPEC.md. */
export const RULES: readonly Rule[] = Object.entries(GROUPS).flatMap(([group, ids]) =>
  ids.map((id) => ({ id, group })),
);
