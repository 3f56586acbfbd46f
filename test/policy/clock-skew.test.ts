// Goal: a source is refused only when its server certainly would refuse (TOK-2).
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { beyondServer } from "../../src/policy/clock-skew.ts";

const server = { time: 10_000, sentAt: 500, maxDrift: 50 };

test.each([
  ["at the bound", 10_050, 500, 0],
  ["a microsecond beyond", 10_051, 500, 1],
  ["as far beyond as time has passed since", 10_051, 501, 0],
  ["behind", 1, 500, 0],
])("beyondServer() of a token %s", (_, generationTime, now, wanted) => {
  expect(beyondServer(generationTime, now, server)).toBe(wanted);
});

test.prop([
  fc.integer({ min: 0, max: 1_000 }),
  fc.integer({ min: 0, max: 1_000 }),
  fc.integer({ min: 0, max: 2_000 }),
  fc.integer({ min: 0, max: 100 }),
])(
  "beyondServer() never finds what the server would accept, wherever within the round trip it told its time",
  (outward, later, ahead, maxDrift) => {
    const sentAt = 77;
    // Both clocks run alike; the server's showed `time` when the request had been under way for `outward`.
    const time = 50_000;
    const now = sentAt + outward + later;
    const serverNow = time + later;
    const generationTime = serverNow + ahead;
    const beyond = beyondServer(generationTime, now, { time, sentAt, maxDrift });
    if (ahead <= maxDrift) expect(beyond).toBe(0);
    if (ahead > maxDrift + outward) expect(beyond).toBeGreaterThan(0);
  },
);
