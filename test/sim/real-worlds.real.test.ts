/** The same plans over real engines: no violation, equal on replay, and a planted bug in each adapter is found. */
import { describe, expect, test } from "vitest";
import { kvdalJson, type MutantJson, type SimJson } from "./kvdal.ts";

const WORLDS = 200;

/** RocksDB needs no server; the others are there when `npm test` has set them up. */
const ENGINES: readonly (readonly [name: string, variable: string | undefined])[] = [
  ["rocksdb", undefined],
  ["cassandra", "KVDAL_CASSANDRA"],
  ["dynamodb", "KVDAL_DYNAMODB"],
];

describe.concurrent.for(ENGINES)("worlds over %s", ([name, variable]) => {
  const missing = variable !== undefined && process.env[variable] === undefined;

  test.skipIf(missing)(
    `${WORLDS} worlds break no rule, each equal on replay`,
    async () => {
      const result = await kvdalJson<SimJson>([
        "sim",
        "--engine",
        name,
        "--seeds",
        `${WORLDS}`,
        "--twice",
      ]);
      const { worlds, operations, repeated, inconclusive } = result;
      console.log(
        `${name}: ${worlds} worlds, ${operations} calls, ${repeated} replayed, ${inconclusive} spoilt`,
      );
      expect(result.failing).toEqual([]);
      expect(result).toMatchObject({ worlds: WORLDS, repeated: WORLDS });
      expect(inconclusive * 100).toBeLessThanOrEqual(WORLDS);
    },
    600_000,
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
    300_000,
  );
});
