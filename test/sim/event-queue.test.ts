/** The queue against a sorted list: earliest first, first come first served within an instant. */
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { EventQueue } from "../../sim/world/event-queue.ts";

test.prop([fc.array(fc.nat(50), { maxLength: 300 })])(
  "EventQueue gives events by time, then by order of scheduling",
  (times) => {
    const queue = new EventQueue();
    for (const [i, time] of times.entries()) queue.push(time, i, () => {});
    const wanted = times
      .map((time, i) => ({ time, i }))
      .toSorted((a, b) => a.time - b.time || a.i - b.i);
    const popped = wanted.map(() => queue.pop());
    expect(popped.map((event) => event?.code)).toEqual(wanted.map(({ i }) => i));
    expect(queue.pop()).toBeUndefined();
  },
);
