// Goal: what is asked for is done, refusals thin calls out, critical calls go on, and some always get through.
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { throttle, type ThrottleFacts } from "../../src/policy/throttle.ts";

const facts: ThrottleFacts = {
  advice: "go_on",
  priority: "normal",
  attempts: 100,
  refused: 0,
  draw: 0,
};

test.each<readonly [string, Partial<ThrottleFacts>, string]>([
  ["nothing said against it", {}, "send"],
  ["bulk, nothing said", { priority: "bulk" }, "send"],
  ["asked to slow down", { advice: "slow_down" }, "wait"],
  ["bulk, asked to slow down", { advice: "slow_down", priority: "bulk" }, "drop advice"],
  ["critical, asked to slow down", { advice: "slow_down", priority: "critical" }, "send"],
  ["asked to shed, an even draw", { advice: "shed" }, "drop advice"],
  ["asked to shed, an odd draw", { advice: "shed", draw: 1 }, "wait"],
  ["bulk, asked to shed", { advice: "shed", priority: "bulk", draw: 1 }, "drop advice"],
  ["critical, asked to shed", { advice: "shed", priority: "critical" }, "send"],
  ["half refused", { refused: 50 }, "send"],
  ["more than half refused, the lowest draw", { refused: 51 }, "drop refusals"],
  ["critical, more than half refused", { refused: 51, priority: "critical" }, "drop refusals"],
  ["more than half refused, a high draw", { refused: 51, draw: 2_000 }, "send"],
  ["all refused, a middling draw", { refused: 100, draw: 0x8000 }, "drop refusals"],
  ["all refused, the highest draw", { refused: 100, draw: 0xffff }, "send"],
])("throttle(): %s", (_name, change, wanted) => {
  const decision = throttle({ ...facts, ...change });
  expect(decision.kind === "drop" ? `drop ${decision.why}` : decision.kind).toBe(wanted);
});

test.prop([fc.integer({ min: 0, max: 10_000_000 }), fc.nat({ max: 1_000 })])(
  "throttle() never drops all, whatever was refused",
  (attempts, share) => {
    const refused = Math.floor((attempts * share) / 1_000);
    expect(throttle({ ...facts, attempts, refused, draw: 0xffff }).kind).toBe("send");
  },
);
