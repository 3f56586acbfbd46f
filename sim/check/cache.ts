/**
 * Oracle for CACHE-1 to CACHE-7: what readers see of a cache that stands in front of the engine, and what servers ask of
 * it, keep in it and spare the engine by it. Nothing in it knows how servers tell what to believe.
 */
import type { CacheHistory } from "./cache-history.ts";
import type { History, Oracle, Violation } from "./history.ts";
import { readsOracle } from "./reads.ts";
import { operationsOf, type RequestRecord, requestWords } from "./request-words.ts";

const RULES = [
  "CACHE-1",
  "CACHE-2",
  "CACHE-3",
  "CACHE-4",
  "CACHE-5",
  "CACHE-6",
  "CACHE-7",
] as const;
type CacheRule = (typeof RULES)[number];
type Broken = Violation<CacheRule> | undefined;

/** Judges worlds with a cache; others have nothing for it. */
export const cacheOracle: Oracle<CacheRule> = {
  name: "cache",
  rules: RULES,
  check: (history) => {
    const { cache } = history;
    if (cache === undefined) return undefined;
    return (
      checkReads(history) ??
      firstOf(cache.failedReads, checkFailedRead) ??
      firstOf(cache.asks, (ask) => checkAsk(ask, cache.rules)) ??
      firstOf(cache.sharable, checkSharable) ??
      firstOf(cache.fills, (fill) => checkFill(fill, cache.rules))
    );
  },
};

/** What is wrong with an answer that no read of the primary was made for is the cache's fault. */
function checkReads(history: History): Broken {
  const reads = history.reads.filter(({ cached }) => cached);
  const found = readsOracle.check({ ...history, reads });
  if (found === undefined) return undefined;
  const { rule, what, operations } = found;
  return { rule: ruleOf(rule), what: `out of the cache: ${what}`, operations };
}

/** The rule that a cache breaks when what comes out of it breaks `rule`. */
function ruleOf(rule: string): CacheRule {
  switch (rule) {
    case "DATA-1":
    case "CHUNK-2":
      return "CACHE-6";
    case "DEL-1":
    case "DEL-2":
    case "DEL-4":
    case "DEL-5":
      return "CACHE-4";
    case "CHUNK-3":
    case "PUT-3":
    case "PUT-4":
    case "DEL-6":
    case "PAGE-2":
    case "NS-4":
      return "CACHE-1";
    case "TTL-1":
    case "TTL-2":
      return "CACHE-7";
    default:
      return "CACHE-2";
  }
}

type FailedRead = CacheHistory["failedReads"][number];

function checkFailedRead({ code, timeLeft, primaryFailures, request }: FailedRead): Broken {
  if (primaryFailures > 0 || timeLeft <= 0) return undefined;
  const found = `a read failed with ${code} and ${timeLeft} µs left`;
  return broken("CACHE-3", `${found}, though the primary answered all that it was asked`, request);
}

function checkAsk(
  { failures, since }: CacheHistory["asks"][number],
  { failuresMax, openFor }: CacheHistory["rules"],
): Broken {
  if (failures < failuresMax || since >= openFor) return undefined;
  const found = `a cache that had failed ${failures} times in a row was asked again after ${since} µs`;
  return broken("CACHE-3", `${found}, wanted that it is left alone for ${openFor}`);
}

function checkSharable({ question, requests = [] }: CacheHistory["sharable"][number]): Broken {
  return broken(
    "CACHE-5",
    `two reads of the primary for one question were out at once: ${question}`,
    ...requests,
  );
}

/** By how much later than its read an entry may be stored without living longer: none. */
function checkFill(
  { life, beyondItem }: CacheHistory["fills"][number],
  { ttl }: CacheHistory["rules"],
): Broken {
  if (life > ttl) return broken("CACHE-7", `an entry lives ${life} µs, wanted at most ${ttl}`);
  if (beyondItem <= 0) return undefined;
  return broken("CACHE-7", `an entry outlives its item by ${beyondItem} µs`);
}

function firstOf<T>(records: readonly T[], check: (record: T) => Broken): Broken {
  for (const record of records) {
    const found = check(record);
    if (found !== undefined) return found;
  }
  return undefined;
}

function broken(
  rule: CacheRule,
  what: string,
  ...requests: readonly (RequestRecord | undefined)[]
): Violation<CacheRule> {
  const operations = operationsOf(...requests);
  return { rule, what: `${requestWords(requests[0])}${what}`, operations };
}
