/** Oracle for what a sound world is asked at its end with the answer known: rules that no drawn operation touches. */
import type { Oracle } from "./history.ts";

/** The rules of those calls. */
export const EXACT_RULES = [
  "DATA-3",
  "DATA-4",
  "DATA-5",
  "PUT-1",
  "PUT-5",
  "GET-1",
  "GET-2",
  "GET-3",
  "PAGE-3",
  "DEL-2",
  "TTL-2",
  "TTL-3",
  "TOK-5",
  "CHUNK-1",
  "CHUNK-3",
  "CHUNK-6",
  "SLO-3",
  "CACHE-1",
  "MUT-1",
  "SCAN-1",
  "NS-3",
  "RES-2",
  "PUT-2",
  "PAGE-6",
  "SLO-2",
  "CACHE-2",
  "CACHE-3",
  "CACHE-4",
  "CHUNK-4",
  "CHUNK-7",
  "CHUNK-9",
  "TTL-1",
  "SIG-1",
  "SIG-3",
  "TOK-2",
  "TOK-8",
  "RETRY-2",
  "RETRY-3",
  "RES-1",
  "DEL-5",
  "ERR-1",
  "CONS-1",
  "COMP-1",
  "COMP-2",
  "COMP-3",
  "CHUNK-2",
  "CHUNK-5",
  "TOK-3",
  "PAGE-4",
  "NS-4",
] as const;

/** One of them. */
export type ExactRule = (typeof EXACT_RULES)[number];

/** Judges those answers. */
export const exactOracle: Oracle<ExactRule> = {
  name: "exact calls",
  rules: EXACT_RULES,
  check: ({ exact }) => exact && { ...exact, operations: [] },
};
