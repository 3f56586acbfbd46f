/** Applying mutations: one conditional put an item, so that DynamoDB compares the versions (TOK-5). */
import type { AttributeValue, PutItemCommandInput } from "@aws-sdk/client-dynamodb";
import { compareBytes } from "../../model/bytes.ts";
import { asKvError } from "../../model/error.ts";
import { isEmptyRange } from "../../model/range.ts";
import { encodeVersion } from "../../model/version.ts";
import type { EngineCall, Mutation, MutationOutcome } from "../../ports/storage-engine.ts";
import { VERSION } from "./attributes.ts";
import { rangeControl, recordControl } from "./controls.ts";
import { inParallel } from "./parallel.ts";
import { markerItem, rowItem, type TtlSettings } from "./rows.ts";
import type { Conditional, Session } from "./session.ts";

/** Most items of one write on their way at once: half of the sockets that the SDK opens by default. */
export const PARALLEL_MAX = 25;

const ACCEPTED: MutationOutcome = { kind: "accepted" };
const SUPERSEDED: MutationOutcome = { kind: "superseded" };

/**
 * Sends the mutations, each by itself and with its own outcome. Throws only when the call was over before any was
 * sent.
 *
 * A put that is stored is `accepted`, not `applied`: a range deletion may hide it, and asking would cost another
 * request. One that meets a higher version is `superseded`, since DynamoDB shows what it met.
 */
export async function write(
  session: Session,
  table: string,
  id: string,
  mutations: readonly Mutation[],
  settings: TtlSettings,
  call: EngineCall,
): Promise<readonly MutationOutcome[]> {
  session.check(call);
  return await inParallel(mutations, PARALLEL_MAX, async (mutation) => {
    try {
      return await apply(session, table, id, mutation, settings, call);
    } catch (error) {
      return { kind: "failed", error: asKvError(error) };
    }
  });
}

async function apply(
  session: Session,
  table: string,
  id: string,
  mutation: Mutation,
  settings: TtlSettings,
  call: EngineCall,
): Promise<MutationOutcome> {
  const item = itemOf(id, mutation, settings);
  if (item === undefined) return ACCEPTED;
  const version = encodeVersion(mutation.kind === "put" ? mutation.row.version : mutation.version);
  return outcomeOf(await session.putItem(putIfNewer(table, item, version), call), version);
}

/** A put that takes place only over nothing or over a lower version. */
export function putIfNewer(
  table: string,
  item: Record<string, AttributeValue>,
  version: Uint8Array,
): PutItemCommandInput {
  return {
    TableName: table,
    Item: item,
    ConditionExpression: `attribute_not_exists(${VERSION}) OR ${VERSION} < :version`,
    ExpressionAttributeValues: { ":version": { B: version } },
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

/** What a put under this version came to. A stand-in that does not show what was there leaves it at `accepted`. */
export function outcomeOf(answer: Conditional, version: Uint8Array): MutationOutcome {
  if (answer.kind === "done") return ACCEPTED;
  const present = answer.item?.[VERSION]?.B;
  return present !== undefined && compareBytes(present, version) > 0 ? SUPERSEDED : ACCEPTED;
}

/** The item to put, or undefined where nothing needs to be. */
function itemOf(
  id: string,
  mutation: Mutation,
  settings: TtlSettings,
): Record<string, AttributeValue> | undefined {
  switch (mutation.kind) {
    case "put":
      return rowItem(id, mutation.row, settings);
    case "delete_key": {
      const { key, version, removeAt } = mutation;
      return markerItem(id, key, version, removeAt, settings);
    }
    case "delete_range":
      if (isEmptyRange(mutation.range)) return undefined;
      return rangeControl(id, mutation.range, mutation.version);
    case "delete_record":
      return recordControl(id, mutation.version);
    default:
      return mutation satisfies never;
  }
}
