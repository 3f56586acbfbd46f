/** The same plans over real engines: no violation, equal on replay, and a planted bug in each adapter is found. */
import { describe, expect, test } from "vitest";
import { kvdalJson, type MutantJson, type SimJson } from "./kvdal.ts";

const WORLDS = 200;

/**
 * RocksDB needs no server; the others are there when `npm test` has set them up. The worlds of an engine that answers
 * slowly, one request at a time, are shared among several processes.
 */
const ENGINES: readonly (readonly [name: string, variable: string | undefined, shares: number])[] =
  [
    ["rocksdb", undefined, 1],
    ["cassandra", "KVDAL_CASSANDRA", 1],
    ["dynamodb", "KVDAL_DYNAMODB", 2],
  ];

describe.for(ENGINES)("worlds over %s", { concurrent: true }, ([name, variable, shares]) => {
  const missing = variable !== undefined && process.env[variable] === undefined;

  test.skipIf(missing)(
    `${WORLDS} worlds break no rule, each equal on replay`,
    async ({ signal }) => {
      const seeds = WORLDS / shares;
      const results = await Promise.all(
        Array.from({ length: shares }, async (_, share) =>
          worldsOver(name, 1 + share * seeds, seeds, signal),
        ),
      );
      const sum = (field: "worlds" | "operations" | "repeated" | "inconclusive"): number =>
        results.reduce((total, result) => total + result[field], 0);
      console.log(
        `${name}: ${sum("worlds")} worlds, ${sum("operations")} calls, ` +
          `${sum("repeated")} replayed, ${sum("inconclusive")} spoilt`,
      );
      expect(results.flatMap(({ failing }) => failing)).toEqual([]);
      expect([sum("worlds"), sum("repeated")]).toEqual([WORLDS, WORLDS]);
      expect(sum("inconclusive") * 100).toBeLessThanOrEqual(WORLDS);
    },
    1_200_000,
  );

  test.skipIf(missing)(
    "a put that ignores its version is found",
    async () => {
      const verdicts = await kvdalJson<readonly MutantJson[]>([
        "mutants",
        "--engine",
        name,
        "--seeds",
        "200",
      ]);
      expect(verdicts.map(({ found }) => found)).toEqual([true]);
    },
    600_000,
  );
});

/** So many worlds from a first seed on, each run twice. */
function worldsOver(
  engine: string,
  from: number,
  seeds: number,
  signal: AbortSignal,
): Promise<SimJson> {
  const range = ["--from", `${from}`, "--seeds", `${seeds}`];
  return kvdalJson<SimJson>(["sim", "--engine", engine, ...range, "--twice"], { signal });
}
