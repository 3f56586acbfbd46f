import { expect, test } from "vitest";
import { test as property } from "@fast-check/vitest";
import * as fc from "fast-check";
import { APART, ByteSlab } from "../../../src/engines/shared/byte-slab.ts";

property.prop([fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 40 })])(
  "copies are what they were made of, and stay so whatever becomes of the others",
  (sources) => {
    const slab = new ByteSlab();
    const wanted = sources.map((source) => [...source]);
    const copies = sources.flatMap((source) => [slab.copy(source), slab.keep(source.slice())]);
    for (const source of sources) source.fill(0);
    expect(copies.map((copy) => [...copy])).toEqual(wanted.flatMap((one) => [one, one]));
    copies[0]?.fill(7);
    expect(copies.slice(1).map((copy) => [...copy])).toEqual(
      wanted.flatMap((one) => [one, one]).slice(1),
    );
  },
);

test("parts are copied out of a driver's buffer, too", () => {
  const buffer = Buffer.from("a driver's buffer, which is a slice of its own pool");
  for (const copies of [new ByteSlab(), APART]) {
    const copy = copies.copy(buffer, 2, 8);
    buffer[2] = 0;
    expect(Buffer.from(copy).toString()).toBe("driver");
    buffer[2] = "d".charCodeAt(0);
  }
});

test("a long one that nobody else has is not copied", () => {
  const bytes = new Uint8Array(100_000);
  expect(new ByteSlab().keep(bytes)).toBe(bytes);
  expect(new ByteSlab().copy(bytes)).not.toBe(bytes);
});
