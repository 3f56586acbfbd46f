// Goal: each scope and target becomes the level that an engine declares, or a refusal that says what it gives (CONS-1).
import { describe, expect, test } from "vitest";
import { cassandraCapabilities } from "../../src/engines/cassandra/capabilities.ts";
import { dynamodbCapabilities } from "../../src/engines/dynamodb/capabilities.ts";
import { MEMORY_CAPABILITIES } from "../../src/engines/memory/adapter.ts";
import { ROCKSDB_CAPABILITIES } from "../../src/engines/rocksdb/adapter.ts";
import type { ConsistencyScope, ConsistencyTarget } from "../../src/model/consistency.ts";
import { engineConsistency } from "../../src/policy/consistency.ts";

const ENGINES = {
  memory: MEMORY_CAPABILITIES,
  rocksdb: ROCKSDB_CAPABILITIES,
  dynamodb: dynamodbCapabilities(true),
  cassandra: cassandraCapabilities(true),
};

type Row = readonly [
  scope: ConsistencyScope,
  target: ConsistencyTarget,
  regions: number,
  level: string,
  elsewhere: string,
];

/** Of Cassandra, and of the engines that keep their data in one region. */
const TABLE: readonly Row[] = [
  ["LOCAL", "EVENTUAL", 0, "eventual", "eventual"],
  ["LOCAL", "READ_YOUR_WRITES", 1, "quorum", "quorum"],
  ["LOCAL", "EVENTUAL", 3, "eventual", "eventual"],
  ["LOCAL", "READ_YOUR_WRITES", 3, "quorum", "quorum"],
  ["GLOBAL", "EVENTUAL", 1, "eventual", "eventual"],
  ["GLOBAL", "READ_YOUR_WRITES", 0, "quorum", "quorum"],
  ["GLOBAL", "EVENTUAL", 2, "eventual", "refused"],
  ["GLOBAL", "READ_YOUR_WRITES", 2, "global_quorum", "refused"],
];

describe.each(Object.entries(ENGINES))("engineConsistency() on %s", (name, capabilities) => {
  test.each(TABLE)("%s %s over %d regions", (scope, target, regions, level, elsewhere) => {
    const decision = engineConsistency({ scope, target, regions }, capabilities);
    const told = decision.kind === "level" ? decision.level : decision.kind;
    expect(told).toBe(name === "cassandra" ? level : elsewhere);
  });
});

test("a refusal says what was found and what the engine gives instead", () => {
  const wish = { scope: "GLOBAL", target: "READ_YOUR_WRITES", regions: 2 } as const;
  expect(engineConsistency(wish, ENGINES.rocksdb)).toEqual({
    kind: "refused",
    found: "GLOBAL READ_YOUR_WRITES over 2 regions",
    wanted: "what rocksdb can give: LOCAL EVENTUAL, LOCAL READ_YOUR_WRITES",
  });
  const strong = { engine: "strong", consistency: ["quorum"] as const };
  expect(engineConsistency({ scope: "LOCAL", target: "EVENTUAL", regions: 0 }, strong)).toEqual({
    kind: "refused",
    found: "LOCAL EVENTUAL",
    wanted: "what strong can give: LOCAL READ_YOUR_WRITES",
  });
});
