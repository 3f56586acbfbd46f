/** The shape of operations in a plan file. */
import { z } from "zod";
import { CORE_FIRST } from "../faults/core.ts";
import type { ListedOperation, Operation } from "../workload/operation.ts";
import { index, micros, whole, yes } from "./numbers.ts";

const keys = z.array(index).min(1);
const range = { from: index, to: index };
/** Numbers from there on are those of what a world asks by itself. */
const common = { index: whole(1, CORE_FIRST - 1), think: micros, record: index, giveUp: micros };

const listed = { operation: whole(1), record: index, isDoomed: yes };
const listedOperation: z.ZodType<ListedOperation> = z.discriminatedUnion("kind", [
  z.strictObject({ ...listed, kind: z.literal("put"), keys }),
  z.strictObject({ ...listed, kind: z.literal("delete_keys"), keys }),
  z.strictObject({ ...listed, kind: z.literal("delete_range"), ...range }),
  z.strictObject({ ...listed, kind: z.literal("delete_record") }),
]);

/** One operation. */
export const operationSchema: z.ZodType<Operation> = z.discriminatedUnion("kind", [
  z.strictObject({
    ...common,
    kind: z.literal("put"),
    items: z.array(z.strictObject({ key: index, bytes: whole(4, 1_000_000) })).min(1),
    ttl: micros,
  }),
  z.strictObject({ ...common, kind: z.literal("get"), keys }),
  z.strictObject({
    ...common,
    kind: z.literal("page"),
    ...range,
    pageBytes: whole(1),
    itemLimit: index,
    reverse: yes,
    byAlias: yes,
  }),
  z.strictObject({
    ...common,
    kind: z.literal("scan"),
    segments: whole(1),
    concurrency: whole(1),
    pageBytes: whole(1),
    stops: z.array(whole(1)),
    pause: micros,
    byAlias: yes,
  }),
  z.strictObject({ ...common, kind: z.literal("delete_keys"), keys }),
  z.strictObject({ ...common, kind: z.literal("delete_range"), ...range }),
  z.strictObject({ ...common, kind: z.literal("delete_record") }),
  z.strictObject({
    ...common,
    kind: z.literal("list"),
    mutations: z.array(listedOperation).min(1),
  }),
  z.strictObject({ ...common, kind: z.literal("status"), of: index }),
]);
