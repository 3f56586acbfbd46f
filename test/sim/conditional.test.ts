/** Worlds over the simulated DynamoDB, what its tables do by themselves, and that a reader who trusts it too much is found. */
import { CONDITIONAL, drawPlan, onlyFaults, runPlan } from "kvdal/sim";
import { describe, expect, test } from "vitest";
import type { BackendFactory } from "../../sim/backends/backend.ts";
import type { NativeInput, NativeItem } from "../../sim/backends/conditional/document.ts";
import { NativeService, type Visit } from "../../sim/backends/conditional/service.ts";
import { isCalm } from "../../sim/workload/of-plan.ts";
import { SECOND } from "../../src/model/time.ts";
import type { StorageEngine } from "../../src/ports/storage-engine.ts";

const WORLDS = 30;

test(`${WORLDS} worlds break no rule, and some are equal on replay`, async () => {
  for (let seed = 100; seed < 100 + WORLDS; seed += 1) {
    const plan = drawPlan(seed, CONDITIONAL.topology);
    const first = await runPlan(plan, CONDITIONAL);
    expect(first.violation, `seed ${seed}`).toBeUndefined();
    if (seed % 6 !== 0) continue;
    expect((await runPlan(plan, CONDITIONAL)).fingerprint).toBe(first.fingerprint);
  }
}, 240_000);

const REFUSALS = ["throttle", "unprocessed", "conflict", "engine_failure"] as const;

test.each(REFUSALS)(
  "a world with nothing but %s is not calm",
  async (kind) => {
    let met = 0;
    for (let seed = 1; seed <= 20; seed += 1) {
      const drawn = { ...drawPlan(seed, CONDITIONAL.topology), cache: undefined, lists: undefined };
      const plan = onlyFaults({ ...drawn, core: undefined }, [kind]);
      expect(isCalm(onlyFaults(plan, []))).toBe(true);
      if (JSON.stringify(plan) === JSON.stringify(onlyFaults(plan, []))) continue;
      expect(isCalm(plan), `seed ${seed}`).toBe(false);
      expect((await runPlan(plan, CONDITIONAL)).violation, `seed ${seed}`).toBeUndefined();
      met += 1;
    }
    expect(met).toBeGreaterThan(0);
  },
  60_000,
);

/** Every read as an eventually consistent one: what the adapter must not do unasked. */
function trusting(engine: StorageEngine): StorageEngine {
  return {
    ...engine,
    readKeys: (read, call) => engine.readKeys(read, { ...call, consistency: "eventual" }),
    readRange: (read, call) => engine.readRange(read, { ...call, consistency: "eventual" }),
  };
}

test("reads that lag behind where nobody asked for it are found", async () => {
  const factory: BackendFactory = {
    ...CONDITIONAL,
    create: (...parts) => {
      const backend = CONDITIONAL.create(...parts);
      return { ...backend, openEngine: (server) => trusting(backend.openEngine(server)) };
    },
  };
  let found: string | undefined;
  for (let seed = 1; seed <= 40 && found === undefined; seed += 1) {
    found = (await runPlan(drawPlan(seed, factory.topology), factory)).violation?.rule;
  }
  expect(found).toBeDefined();
});

const NOW = 1_767_225_600 * SECOND;
const VISIT: Visit = { now: NOW, lag: 0, keysMax: Infinity, pageBytes: 1024 * 1024 };
const at = (key: number): NativeItem => ({ pk: { S: "r" }, sk: { B: Uint8Array.of(1, key) } });
const item = (key: number, version: number): NativeItem => ({
  ...at(key),
  ver: { B: Uint8Array.of(version) },
});

/** A service with one table, and requests to it. */
function serving(): (
  action: "PutItem" | "GetItem" | "Query" | "BatchGetItem",
  input: Omit<NativeInput, "TableName">,
  visit?: Partial<Visit>,
) => Record<string, unknown> {
  const ttlLag = { min: SECOND, max: SECOND };
  const service = new NativeService({
    eventualLagMax: 10 * SECOND,
    ttlLag,
    hasEveryTable: true,
  });
  return (action, input, visit = {}) =>
    service.carryOut(action, { TableName: "t", ...input }, { ...VISIT, ...visit }) as Record<
      string,
      unknown
    >;
}

const all = {
  KeyConditionExpression: "pk = :id AND sk >= :first",
  ExpressionAttributeValues: { ":id": { S: "r" }, ":first": { B: Uint8Array.of(1) } },
  ConsistentRead: true,
};

describe("the service", () => {
  test("refuses a put whose condition does not hold, and shows what is there", () => {
    const ask = serving();
    const put = (version: number): unknown =>
      ask("PutItem", {
        Item: item(1, version),
        ConditionExpression: "attribute_not_exists(ver) OR ver < :version",
        ExpressionAttributeValues: { ":version": { B: Uint8Array.of(version) } },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
    put(0x7f);
    put(0x80);
    let refusal: unknown;
    try {
      put(0x02);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({
      name: "ConditionalCheckFailedException",
      Item: item(1, 0x80),
    });
  });

  test("ends a page by bytes, the item that crosses them included, and goes on behind it", () => {
    const ask = serving();
    for (const key of [3, 1, 2]) ask("PutItem", { Item: item(key, key) });
    const first = ask("Query", all, { pageBytes: 15 });
    expect(first).toEqual({ Items: [item(1, 1), item(2, 2)], LastEvaluatedKey: at(2) });
    expect(ask("Query", { ...all, ExclusiveStartKey: at(2) })).toEqual({ Items: [item(3, 3)] });
  });

  test("shows an eventual reader what was there, a consistent one what is", () => {
    const ask = serving();
    ask("PutItem", { Item: item(1, 1) });
    ask("PutItem", { Item: item(1, 2) }, { now: NOW + SECOND });
    const late = { now: NOW + 2 * SECOND, lag: 1.5 * SECOND };
    expect(ask("GetItem", { Key: at(1) }, late)).toEqual({ Item: item(1, 1) });
    expect(ask("GetItem", { Key: at(1), ConsistentRead: true }, late)).toEqual({
      Item: item(1, 2),
    });
  });

  test("removes an item some time after its time is over, not before", () => {
    const ask = serving();
    ask("PutItem", { Item: { ...item(1, 1), x: { N: String(NOW / SECOND + 1) } } });
    const found = (now: number): unknown => ask("GetItem", { Key: at(1) }, { now })["Item"];
    expect(found(NOW + 2 * SECOND - 1)).toBeDefined();
    expect(found(NOW + 2 * SECOND + 1)).toBeUndefined();
  });

  test("leaves keys over, and refuses one that is asked for twice", () => {
    const ask = serving();
    for (const key of [1, 2, 3]) ask("PutItem", { Item: item(key, key) });
    const Keys = [at(1), at(2), at(3)];
    const answer = ask("BatchGetItem", { RequestItems: { t: { Keys } } }, { keysMax: 2 });
    expect(answer).toEqual({
      Responses: { t: [item(1, 1), item(2, 2)] },
      UnprocessedKeys: { t: { Keys: [at(3)] } },
    });
    const twice = { RequestItems: { t: { Keys: [at(1), at(1)] } } };
    expect(() => ask("BatchGetItem", twice)).toThrow("duplicates");
  });
});
