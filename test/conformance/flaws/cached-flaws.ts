/** What can be wrong with a cache in front of an engine, as callers see it. */
import { type Around, type DoorOptions, engineDoor } from "kvdal/conformance";
import { memoryCache } from "../../../src/engines/memory-cache/adapter.ts";
import { memory } from "../../../src/engines/memory/adapter.ts";
import { toHex } from "../../../src/model/bytes.ts";
import type { CacheAdapter, CacheEngine } from "../../../src/ports/cache-engine.ts";
import type { Flaw } from "./flaw.ts";

/** A flaw of a deployment with a cache in memory. */
function cachedFlaw(id: string, options: DoorOptions): Flaw {
  const cache = memoryCache({ maxBytes: 1024 * 1024 });
  return { id, open: (env) => engineDoor(memory(), env, { cache, ...options }) };
}

/** A cache with some of its verbs replaced. */
function cacheWith(replace: (engine: CacheEngine) => Partial<CacheEngine>): CacheAdapter {
  const usual = memoryCache({ maxBytes: 1024 * 1024 });
  return {
    ...usual,
    open: async (context) => {
      const engine = await usual.open(context);
      return { ...engine, ...replace(engine) };
    },
  };
}

/** Answers a read as the first one of its kind was answered. */
function remembering(kindOf: (request: Parameters<ReturnType<Around>>[0]) => string): Around {
  const answers = new Map<string, Promise<never>>();
  return (transport) => (request, call) => {
    if (request.kind !== "get_items") return transport(request, call);
    const kind = kindOf(request);
    const known = answers.get(kind);
    if (known !== undefined) return known;
    const answer = transport(request, call);
    answers.set(kind, answer as Promise<never>);
    return answer;
  };
}

/** As text, byte strings by their digits. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part instanceof Uint8Array ? toHex(part) : part,
  );
}

/** Bytes that begin the names of stamps: below those of entries. */
const STAMPS_LAST = 3;

export const cachedFlaws: readonly Flaw[] = [
  cachedFlaw("caches nothing", {
    cache: cacheWith(() => ({ get: async () => ({ kind: "miss" }) })),
  }),
  cachedFlaw("believes what it cached whatever was written since", {
    cache: cacheWith((engine) => ({
      set: async (key, value, ttl, call) =>
        (key[0] as number) <= STAMPS_LAST ? { kind: "stored" } : engine.set(key, value, ttl, call),
    })),
  }),
  cachedFlaw("takes what it has not cached for absent", {
    around: (transport) => async (request, call) => {
      const answer = await transport(request, call);
      if (request.kind !== "get_items" || request.predicate.kind !== "match_keys") return answer;
      const [first] = request.predicate.keys;
      return first !== undefined && toHex(first) === "62" ? { ...answer, items: [] } : answer;
    },
  }),
  cachedFlaw("writes whether the cache answers or not", {
    overlay: (namespace) => ({ ...namespace, consistency: "eventual" }),
  }),
  cachedFlaw("writes only when the cache answers", {
    overlay: (namespace) => ({ ...namespace, consistency: "quorum" }),
  }),
  cachedFlaw("never leaves a cache alone", {
    overlay: (namespace) => ({
      ...namespace,
      ...(namespace.cache && { cache: { ...namespace.cache, breaker: { failuresMax: 1e9 } } }),
    }),
  }),
  cachedFlaw("remembers its first answers", { around: remembering(textOf) }),
  cachedFlaw("remembers answers by the key alone", {
    around: remembering((request) =>
      request.kind === "get_items" ? textOf([request.id, request.predicate]) : "",
    ),
  }),
];
