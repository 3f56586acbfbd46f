/** How a world is set up beyond the plainest way, each as a part that the plan can do without. */
import { SECOND } from "kvdal";
import { differ } from "../faults/slow-engine.ts";
import { withoutKind } from "../faults/only.ts";
import type { Plan } from "../workload/plan.ts";
import { duration } from "../words/measures.ts";
import { withChanged } from "../workload/with-changed.ts";
import { conditionalSettings } from "./conditional-parts.ts";
import type { Part } from "./part.ts";
import { regionSettings } from "./region-parts.ts";

/** A namespace without chunks, whose tokens are admitted for long. */
const PLAIN = {
  chunks: { chunkAboveBytes: 1_024, chunkBytes: 1_024 },
  window: { maxAge: 10 * SECOND, maxDrift: 5 * SECOND, putMax: SECOND, grace: SECOND },
  rows: { rowsPerCallMax: 2_000 },
} as const;

const PENDING_MAX = 1_000;
const RECORD_BYTES_MAX = 4_000;

/** Every setting of the plan that could be plainer. */
export function settingParts(plan: Plan): readonly Part[] {
  return [
    ...namespaceParts(plan),
    ...levelParts(plan),
    ...replicaParts(plan),
    ...conditionalSettings(plan),
    ...regionSettings(plan),
    ...cacheParts(plan),
    ...listParts(plan),
    ...versionParts(plan),
    ...networkParts(plan),
    ...(plan.core === undefined
      ? []
      : [setting("the minimal core", (rest: Plan) => ({ ...rest, core: undefined }))]),
    ...(plan.exact === undefined ? [] : [setting("the exact calls at the end", withoutExact)]),
    ...(plan.costs === undefined ? [] : [setting("the exact costs at the end", withoutCosts)]),
  ];
}

function withoutExact(plan: Plan): Plan {
  const { exact: _, ...rest } = plan;
  return rest;
}

function withoutCosts(plan: Plan): Plan {
  const { costs: _, ...rest } = plan;
  return rest;
}

function setting(says: string, without: Part["without"]): Part {
  return { kind: "setting", says, without };
}

function namespaceParts({ namespace }: Plan): readonly Part[] {
  const plainer = (says: string, plain: Partial<Plan["namespace"]>): readonly Part[] => {
    const isPlain = Object.entries(plain).every(
      ([name, value]) => namespace[name as keyof typeof plain] === value,
    );
    if (isPlain) return [];
    return [setting(says, (plan) => withChanged(plan, "namespace", () => plain))];
  };
  const { chunkAboveBytes, rowsPerCallMax } = namespace;
  return [
    ...plainer(`values above ${chunkAboveBytes} bytes in chunks`, PLAIN.chunks),
    ...plainer("the narrow window of tokens", PLAIN.window),
    ...plainer(`reads of at most ${rowsPerCallMax} rows`, PLAIN.rows),
    ...namespace.cleanUps.map((gone) =>
      setting(`the clean-up at ${gone.at} µs`, (plan) =>
        withChanged(plan, "namespace", ({ cleanUps }) => ({
          cleanUps: cleanUps.filter((turn) => turn !== gone),
        })),
      ),
    ),
  ];
}

/** Service levels that change are a setting, and those that are there at all another. */
function levelParts({ slowEngine }: Plan): readonly Part[] {
  const { levels, change } = slowEngine;
  const same = setting("the change of service levels", (plan) =>
    withoutKind(plan, "levels_change"),
  );
  const none = setting("service levels", (plan) =>
    withChanged(plan, "slowEngine", (left) => ({
      levels: { ...left.levels, readMax: 0 },
      change: { ...left.change, levels: { ...left.change.levels, readMax: 0 } },
    })),
  );
  const isLevelled = levels.readMax > 0 || change.levels.readMax > 0;
  return [...(isLevelled ? [none] : []), ...(differ(levels, change.levels) ? [same] : [])];
}

function replicaParts({ replicas }: Plan): readonly Part[] {
  if (replicas === undefined) return [];
  const { hintsAfter, readRepair, expirySlack, compacts } = replicas;
  const none = (says: string, plain: Partial<typeof replicas>): Part =>
    setting(says, (plan) => withChanged(plan, "replicas", () => plain));
  return [
    ...(hintsAfter.length > 0 ? [none("the replicas' hints", { hintsAfter: [] })] : []),
    ...(readRepair ? [none("read repair", { readRepair: false })] : []),
    ...(expirySlack === undefined
      ? []
      : [none("expiry by the engine's own clock", { expirySlack: undefined })]),
    ...(compacts ? [none("compaction", { compacts: false })] : []),
  ];
}

function cacheParts({ cache }: Plan): readonly Part[] {
  if (cache === undefined) return [];
  const says = `the cache, whose markers live ${duration(cache.marker)}`;
  const none = setting(says, (plan) => ({ ...plan, cache: undefined }));
  const seconds = setting("expiry in the cache on whole seconds", (plan) =>
    withChanged(plan, "cache", () => ({ wholeSeconds: false })),
  );
  const hashes = setting("hashes that keys share in the cache", (plan) =>
    withChanged(plan, "cache", () => ({ sharesHashes: false })),
  );
  const small = setting("a cache of small records alone", (plan) =>
    withChanged(plan, "cache", () => ({ recordBytesMax: RECORD_BYTES_MAX })),
  );
  return [
    none,
    ...(cache.wholeSeconds ? [seconds] : []),
    ...(cache.sharesHashes ? [hashes] : []),
    ...(cache.recordBytesMax < RECORD_BYTES_MAX ? [small] : []),
  ];
}

/** A plan has to have lists where an operation is about them. */
function listParts({ lists, operations, records }: Plan): readonly Part[] {
  if (lists === undefined) return [];
  const isNeeded = operations
    .flat()
    .some(({ kind, record }) => kind === "list" || kind === "status" || record >= records);
  const none = setting("lists of mutations", (plan) => ({ ...plan, lists: undefined }));
  const doomed = setting("the end of the doomed namespace", (plan) =>
    withChanged(plan, "lists", () => ({ doomedAt: [] })),
  );
  const few = setting("a bound of few waiting lists", (plan) =>
    withChanged(plan, "lists", ({ log }) => ({ log: { ...log, pendingMax: PENDING_MAX } })),
  );
  return [
    ...(isNeeded ? [] : [none]),
    ...lists.rounds.map((gone) =>
      setting(`the applier's round at ${gone.at} µs`, (plan) =>
        withChanged(plan, "lists", ({ rounds }) => ({
          rounds: rounds.filter((turn) => turn !== gone),
        })),
      ),
    ),
    ...(lists.doomedAt.length > 0 ? [doomed] : []),
    ...((lists.log.pendingMax ?? PENDING_MAX) < PENDING_MAX ? [few] : []),
  ];
}

function versionParts({ versions }: Plan): readonly Part[] {
  return (versions?.steps ?? []).map((gone) =>
    setting(`the ${gone.kind} of a version after operation ${gone.after}`, (plan) =>
      withChanged(plan, "versions", ({ steps }) => ({
        steps: steps.filter((step) => step !== gone),
      })),
    ),
  );
}

function networkParts({ network, healAt }: Plan): readonly Part[] {
  const { latencyMin, latencyMax } = network;
  const even = setting("latencies that differ", (plan) =>
    withChanged(plan, "network", (left) => ({ latencyMax: left.latencyMin })),
  );
  const early = setting("the time until faults end", (plan) => ({ ...plan, healAt: 0 }));
  return [...(latencyMax > latencyMin ? [even] : []), ...(healAt > 0 ? [early] : [])];
}
