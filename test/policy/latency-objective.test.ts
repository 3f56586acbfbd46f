// Goal: each kind of request is held to the level of what it does.
import { expect, test } from "vitest";
import { objectiveOf } from "../../src/policy/latency-objective.ts";

const slo = { read: { target: 1, max: 2 }, write: { target: 3, max: 4 } };

test.each([
  ["get_items", slo.read],
  ["get_chunks", slo.read],
  ["put_items", slo.write],
  ["delete_items", slo.write],
  ["stage_chunks", slo.write],
  ["mutate_items", slo.write],
  ["mutation_status", slo.read],
  ["handshake", undefined],
] as const)("objectiveOf() a %s", (kind, objective) => {
  expect(objectiveOf(slo, kind)).toBe(objective);
  expect(objectiveOf(undefined, kind)).toBeUndefined();
});

test("deletes and lists have levels of their own where there are some", () => {
  const own = { ...slo, deletes: { target: 5, max: 6 }, lists: { target: 7, max: 8 } };
  expect(objectiveOf(own, "delete_items")).toBe(own.deletes);
  expect(objectiveOf(own, "mutate_items")).toBe(own.lists);
  expect(objectiveOf(own, "put_items")).toBe(own.write);
});
