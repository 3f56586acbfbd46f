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
