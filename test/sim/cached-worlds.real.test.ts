/**
 * A real memcached in front of real engines: worlds of which none breaks a rule and each is equal on replay, and the
 * cases of the contract behind it.
 */
import { storageCases } from "kvdal/conformance";
import { describe, expect, test } from "vitest";
import { runConformance } from "../../src/cli/run-conformance.ts";
import { failures } from "../conformance/judge.ts";
import { kvdalJson, type SimJson } from "./kvdal.ts";

const WORLDS = 40;

/** The least part of all questions that the cache is to answer: its worlds have short lives and many writers. */
const HITS_LEAST = 0.05;

const isThere = (...names: readonly string[]): boolean =>
  names.every((name) => (process.env[name] ?? "") !== "");

describe.for([
  ["cassandra", "KVDAL_CASSANDRA"],
  ["dynamodb", "KVDAL_DYNAMODB"],
] as const)("memcached in front of %s", { concurrent: true }, ([name, variable]) => {
  test.skipIf(!isThere(variable, "KVDAL_MEMCACHED"))(
    `${WORLDS} worlds break no rule, each equal on replay`,
    async ({ signal }) => {
      const args = ["sim", "--engine", name, "--cache", "memcached", "--seeds", `${WORLDS}`];
      const result = await kvdalJson<CachedJson>([...args, "--twice"], { signal });
      const { worlds, repeated, cachedWorlds, cache } = result;
      console.log(`${name}: ${worlds} worlds behind memcached, hit ratio ${cache.hitRatio}`);
      expect(result.failing).toEqual([]);
      expect([worlds, repeated, cachedWorlds]).toEqual([WORLDS, WORLDS, WORLDS]);
      expect(cache.hitRatio).toBeGreaterThan(HITS_LEAST);
    },
    600_000,
  );
});

type CachedJson = SimJson & {
  readonly cachedWorlds: number;
  readonly cache: { readonly hitRatio: number };
};

describe.for([
  ["memory"],
  ["rocksdb"],
  ["cassandra", "KVDAL_CASSANDRA"],
  ["dynamodb", "KVDAL_DYNAMODB"],
] as const)("memcached in front of %s", ([name, ...variables]) => {
  test.skipIf(!isThere("KVDAL_MEMCACHED", ...variables))(
    "every case passes",
    async () => {
      // Cases that wait for the engine's own clock say nothing of a cache.
      const cases = storageCases.filter(({ id }) => !id.startsWith("engine-clock/"));
      const ids = new Set(cases.map(({ id }) => id));
      const report = await runConformance(name, { ids, mode: { cache: "memcached" } });
      expect(failures(report.cases)).toEqual([]);
    },
    600_000,
  );
});
