import type { NamespaceLimits, ServerFacts } from "../../src/model/capabilities.ts";
import { WALL_BEGIN } from "./stepped-env.ts";

/** Limits as a server with every option at its default tells them. */
export const LIMITS_TOLD: NamespaceLimits = {
  chunkAboveBytes: 1024 * 1024,
  chunkBytes: 64 * 1024,
  chunkRequestBytesMax: 512 * 1024,
  maxValueBytes: 1024 ** 3,
  pageBytesMax: 8 * 1024 * 1024,
  rowsPerCallMax: 2_000,
  tokenMaxAge: 3_600_000_000,
  tokenMaxDrift: 5_000_000,
  compression: { codec: "none" },
};

/** What a server at the beginning of a stepped world tells. */
export const FACTS: ServerFacts = {
  time: WALL_BEGIN,
  namespace: "n",
  codecs: [],
  limits: LIMITS_TOLD,
  slo: undefined,
  utilization: {
    overall: 0,
    latency: { overTarget: 0, overMax: 0 },
    storage: undefined,
    compute: undefined,
    requests: 0,
  },
  advice: "go_on",
};
