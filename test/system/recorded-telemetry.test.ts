// Goal: what is told to recorded telemetry can be read back: sums by name, and values by powers of two.
import { expect, test } from "vitest";
import { recordedTelemetry } from "../../src/system/recorded-telemetry.ts";

test("counters add up by name, and are 0 before", () => {
  const telemetry = recordedTelemetry();
  expect(telemetry.counter("chunks_collected")).toBe(0);
  telemetry.count("chunks_collected", 3);
  telemetry.count("chunks_collected");
  telemetry.count("pages_cut_early");
  expect(telemetry.counter("chunks_collected")).toBe(4);
  expect([...telemetry.counters()]).toEqual([
    ["chunks_collected", 4],
    ["pages_cut_early", 1],
  ]);
});

test("a histogram knows count, sum, maximum and the powers of two", () => {
  const telemetry = recordedTelemetry();
  expect(telemetry.histogram("page_bytes")).toBeUndefined();
  for (const value of [0, 1, 2, 3, 4, 5, 1024]) telemetry.observe("page_bytes", value);
  expect(telemetry.histogram("page_bytes")).toEqual({
    count: 7,
    sum: 1039,
    max: 1024,
    buckets: [2, 1, 2, 1, 0, 0, 0, 0, 0, 0, 1],
  });
});
