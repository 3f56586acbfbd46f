/** Events in words: every code that something is scheduled by stands in one file, and is told as what it is. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eventWords } from "../../sim/words/event-words.ts";
import { drawPlan, REPLICATED } from "../../sim/index.ts";
import { EVENTS, kindOf, nodeOf } from "../../sim/world/event-codes.ts";

const SIM = join(import.meta.dirname, "../../sim");
/** Worlds of load are of no plan: nobody explains them. */
const LOAD = /^load\//;
const OWNER = "world/event-codes.ts";
const plan = drawPlan(1, REPLICATED.topology);
const kinds = Object.entries(EVENTS);

const told = (code: number): string => eventWords({ time: 0, code, answers: [] }, plan);

test("no file but one has codes of events", () => {
  const sources = readdirSync(SIM, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !LOAD.test(path))
    .filter((path) =>
      /_CODE\b[^=\n]*= *\d|\.after\([^()]*, *\d/.test(readFileSync(join(SIM, path), "utf8")),
    );
  expect(sources.filter((path) => path !== OWNER)).toEqual([]);
});

test.each(kinds)("a code is told as its own kind: %s", (_, kind) => {
  const code = kind.from ?? kind.code;
  expect(kindOf(code)).toBe(kind);
  // Most nodes that a world has, and no other kind among them.
  if (kind.of !== undefined) expect(kindOf(code + 20)).toBe(kind);
});

test("no two kinds are told alike", () => {
  const words = kinds.map(([, { says }]) => says("it"));
  expect(new Set(words).size).toBe(words.length);
});

test("what has no node is told without one", () => {
  expect(nodeOf(EVENTS.stepRestart.code)).toBeUndefined();
  expect(told(EVENTS.stepRestart.code)).toBe("a server that crashed at a step comes back at 0 ms");
  const { clients } = plan.topology;
  expect(nodeOf(EVENTS.crash.code + clients)).toBe(clients);
  expect(told(EVENTS.crash.code + clients)).toBe("server 0 goes down or comes back at 0 ms");
  expect(nodeOf(EVENTS.outage.code + clients)).toBe(clients);
  expect(nodeOf(64 * clients + 1)).toBe(1);
  expect(told(64 * clients + 1)).toBe("a message from server 0 reaches client 1 at 0 ms");
});
