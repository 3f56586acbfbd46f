/** The shape of a plan in a file. The compiler sees that it has every field of a plan, optional ones included. */
import { fromHex, MILLISECOND } from "kvdal";
import { z } from "zod";
import { POINT_NAMES } from "../amplify/list.ts";
import { WRITE_MAX } from "../faults/slow-engine.ts";
import { SPARED_NAMES, TROUBLE_NAMES } from "../faults/registry/index.ts";
import { LOG_STEPS } from "../world/log-steps.ts";
import { WORKLOAD_NAMES } from "../workload/consumers/consumer.ts";
import type { Plan } from "../workload/plan.ts";
import { index, micros, orNone, ppm, signed, whole, yes } from "./numbers.ts";
import { operationSchema } from "./operation-schema.ts";

/** Nodes are numbered in six bits of a link's name. */
const NODES_MAX = 62;
/** What every engine stores inline, and as one chunk. */
const CHUNK_BYTES_MAX = 64 * 1024;
/** A sound network answers in time: what takes longer once in a while, its tail says. */
const LATENCY_MAX = 100 * MILLISECOND;
/** All of them are read back through each server, and what reads them has numbers up to those of questions. */
const RECORDS_MAX = 250;

const span = { at: micros, until: micros };
const turns = z.array(z.strictObject({ at: micros, draw: index }));

/** Schemas of all fields of something. */
type Fields<T> = { readonly [F in keyof T]-?: z.ZodType };

const topology: z.ZodType<Plan["topology"]> = z.strictObject({
  clients: whole(1, NODES_MAX),
  operationsPerClient: index,
  servers: whole(1, NODES_MAX),
  replicas: whole(1, NODES_MAX),
  engine: z.enum(["conditional", "two-regions"]).exactOptional(),
} satisfies Fields<Plan["topology"]>);

const clock: z.ZodType<Plan["clocks"][number]> = z.strictObject({
  offset: signed,
  driftPpm: whole(-1_000_000, 1_000_000),
  resolution: whole(1),
} satisfies Fields<Plan["clocks"][number]>);

const namespace: z.ZodType<Plan["namespace"]> = z.strictObject({
  chunkAboveBytes: whole(1, CHUNK_BYTES_MAX),
  chunkBytes: whole(1, CHUNK_BYTES_MAX),
  maxAge: micros,
  maxDrift: micros,
  putMax: micros,
  grace: micros,
  cleanUps: turns,
  rowsPerCallMax: whole(1),
} satisfies Fields<Plan["namespace"]>);

const key: z.ZodType<Uint8Array> = z
  .string("bytes in hexadecimal")
  .regex(/^([0-9a-f]{2})*$/, "bytes in hexadecimal")
  .transform((text) => fromHex(text));

const network: z.ZodType<Plan["network"]> = z.strictObject({
  latencyMin: whole(0, LATENCY_MAX),
  latencyMax: whole(0, LATENCY_MAX),
  tailMax: micros,
  tailPpm: ppm,
  lossPpm: ppm,
  duplicatePpm: ppm,
} satisfies Fields<Plan["network"]>);

const cut: z.ZodType<Plan["cuts"][number]> = z.strictObject({
  from: micros,
  until: micros,
  island: z.array(index),
  direction: z.enum(["both", "out", "in"]),
} satisfies Fields<Plan["cuts"][number]>);

const levels = z.strictObject({ readMax: micros, target: whole(1, WRITE_MAX) });
const slowEngine: z.ZodType<Plan["slowEngine"]> = z.strictObject({
  ppm,
  max: micros,
  levels,
  change: z.strictObject({ at: micros, levels }),
} satisfies Fields<Plan["slowEngine"]>);

const replicas: z.ZodType<NonNullable<Plan["replicas"]>> = z.strictObject({
  hintsAfter: z.array(micros),
  readRepair: yes,
  expirySlack: orNone(micros),
  compacts: yes,
} satisfies Fields<NonNullable<Plan["replicas"]>>);

const regions: z.ZodType<NonNullable<Plan["regions"]>> = z.strictObject({
  scope: z.enum(["LOCAL", "GLOBAL"]),
  second: z.strictObject({ clients: index, servers: whole(1), replicas: whole(1) }),
  lag: micros,
  spread: micros,
  lossPpm: ppm,
  duplicatePpm: ppm,
  cuts: z.array(z.strictObject(span)),
  failovers: z.array(z.strictObject({ region: whole(0, 1), ...span, isGone: yes, notice: micros })),
} satisfies Fields<NonNullable<Plan["regions"]>>);

const conditional: z.ZodType<NonNullable<Plan["conditional"]>> = z.strictObject({
  pageBytes: whole(1),
  throttlePpm: ppm,
  unprocessedPpm: ppm,
  conflictPpm: ppm,
  failurePpm: ppm,
  lagMax: micros,
  removal: orNone(z.strictObject({ min: micros, max: micros })),
} satisfies Fields<NonNullable<Plan["conditional"]>>);

const trouble: z.ZodType<Plan["troubles"][number]> = z.strictObject({
  kind: z.enum(TROUBLE_NAMES),
  node: index,
  ...span,
  by: signed,
  other: whole(-1),
} satisfies Fields<Plan["troubles"][number]>);

const cache: z.ZodType<NonNullable<Plan["cache"]>> = z.strictObject({
  ttl: micros,
  timeout: micros,
  marker: micros,
  recordBytesMax: index,
  breaker: z.strictObject({ failuresMax: whole(1), openFor: micros }),
  wholeSeconds: yes,
  sharesHashes: yes,
  evictPpm: ppm,
  silentPpm: ppm,
  latePpm: ppm,
  lateMax: micros,
  slowWritePpm: ppm,
  slowWriteMax: micros,
  flushes: z.array(micros),
  away: z.array(z.strictObject(span)),
  cutOff: z.array(z.strictObject({ ...span, server: index })),
} satisfies Fields<NonNullable<Plan["cache"]>>);

const some = micros.exactOptional();
const lists: z.ZodType<NonNullable<Plan["lists"]>> = z.strictObject({
  others: index,
  rounds: turns,
  crashes: z.array(
    z.strictObject({
      step: z.enum(LOG_STEPS),
      nth: whole(1),
      when: z.enum(["before", "after"]),
      down: micros,
    }),
  ),
  doomedAt: z.array(micros),
  log: z.strictObject({
    table: z.string().exactOptional(),
    everyMicros: some,
    pendingMax: some,
    lagMicrosMax: some,
    attemptsMax: some,
    backoffMicros: some,
    backoffMicrosMax: some,
    statusMicros: some,
    callMicrosMax: some,
    bucketMicros: some,
    settleMicros: some,
  }),
} satisfies Fields<NonNullable<Plan["lists"]>>);

const versions: z.ZodType<NonNullable<Plan["versions"]>> = z.strictObject({
  loader: index,
  others: index,
  steps: z.array(
    z.strictObject({
      after: index,
      kind: z.enum(["flip", "drop"]),
      delays: z.array(micros),
    }),
  ),
} satisfies Fields<NonNullable<Plan["versions"]>>);

const core: z.ZodType<NonNullable<Plan["core"]>> = z.strictObject({
  server: index,
  withoutReplica: index,
} satisfies Fields<NonNullable<Plan["core"]>>);

/** A plan; that its parts fit together is seen by `planFlaw`. */
export const planSchema: z.ZodType<Plan> = z.strictObject({
  seed: whole(0, 2 ** 32 - 1),
  topology,
  clocks: z.array(clock),
  namespace,
  keys: z.array(key).min(1),
  records: whole(1, RECORDS_MAX),
  operations: z.array(z.array(operationSchema)),
  network,
  cuts: z.array(cut),
  crashes: z.array(z.strictObject({ node: index, ...span })),
  slowEngine,
  replicas: replicas.exactOptional(),
  conditional: conditional.exactOptional(),
  regions: regions.exactOptional(),
  troubles: z.array(trouble).default([]),
  spared: z.array(z.enum(SPARED_NAMES)).exactOptional(),
  amplified: z.array(z.enum(POINT_NAMES)).default([]),
  cache: orNone(cache),
  requestsMax: whole(1),
  flips: z.array(z.strictObject({ server: index, at: micros })),
  lists: orNone(lists),
  versions: versions.exactOptional(),
  workload: z.enum(WORKLOAD_NAMES).exactOptional(),
  core: orNone(core).prefault(null),
  exact: z.literal(true).exactOptional(),
  costs: z.literal(true).exactOptional(),
  healAt: micros,
} satisfies Fields<Plan>);
