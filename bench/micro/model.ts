/** The values: compare and encode, done for every write and every read. */
import { compareBytes, compareVersions, decodeVersion, encodeVersion, type Version } from "kvdal";
import type { MicroBench } from "./micro-bench.ts";

const OPERATIONS = 1_000;

/** Two versions that differ in their last byte alone: the longest compare there is. */
function versions(): readonly [Version, Version] {
  const version = (last: number): Version => {
    const nonce = new Uint8Array(16);
    nonce[15] = last;
    return { time: 1_767_225_600_000_000, rank: 1, expiry: 1_767_225_700_000_000, nonce };
  };
  return [version(1), version(2)];
}

/** Benches of the model. Each keeps what it computes, so that nothing of it can be left out. */
export function modelBenches(): readonly MicroBench[] {
  const [a, b] = versions();
  const [encodedA, encodedB] = [encodeVersion(a), encodeVersion(b)];
  let kept = 0;
  const bench = (name: string, step: () => number): MicroBench => ({
    name,
    operations: OPERATIONS,
    run: () => {
      for (let i = 0; i < OPERATIONS; i += 1) kept += step();
      if (Number.isNaN(kept)) throw new Error("the work came to nothing");
    },
  });
  return [
    bench("model: compareVersions", () => compareVersions(a, b)),
    bench("model: encodeVersion", () => encodeVersion(a).length),
    bench("model: decodeVersion", () => decodeVersion(encodedA).time),
    bench("model: compareBytes, 33 bytes", () => compareBytes(encodedA, encodedB)),
  ];
}
