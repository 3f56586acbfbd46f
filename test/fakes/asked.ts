/** A campaign as `kvdal sim` asks for it when nothing is said, for tests to change what they are about. */
import type { Asked } from "../../sim/index.ts";

export const PLAIN: Asked = {
  engine: "replicated",
  cacheEngine: null,
  twice: false,
  faults: null,
  workloads: null,
  firstSeed: 1,
  seeds: 5_000,
  forMillis: null,
  shard: { index: 0, of: 1 },
};
