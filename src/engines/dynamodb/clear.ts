/** Carrying out a range deletion physically: conditional deletes, so that a newer write is never touched. */
import type { DeleteItemCommandInput } from "@aws-sdk/client-dynamodb";
import { encodeVersion, type Version } from "../../model/version.ts";
import type { EngineCall } from "../../ports/storage-engine.ts";
import { isCovered, type RangeTombstone } from "../shared/tombstones.ts";
import { bytesOf, itemKey, SK, VERSION, versionOf } from "./attributes.ts";
import type { Position } from "./cursor.ts";
import { inParallel } from "./parallel.ts";
import { rangeQuery } from "./read.ts";
import { storedRow } from "./rows.ts";
import type { Session } from "./session.ts";
import { PARALLEL_MAX } from "./write.ts";

/** How far a clearing came. `cleared` is undefined when nothing that the tombstone hides is left. */
export type Cleared = {
  readonly examined: number;
  readonly removed: number;
  readonly cleared: Uint8Array | undefined;
};

/** Deletes the next rows that the tombstone hides: one page of at most `rowLimit` rows after the sort key. */
export async function clearCovered(
  session: Session,
  table: string,
  id: string,
  tombstone: RangeTombstone,
  from: { readonly after: Uint8Array | undefined; readonly rowLimit: number },
  call: EngineCall,
): Promise<Cleared> {
  const { after, rowLimit } = from;
  const read = { table, id, range: tombstone.range, reverse: false, rowLimit, byteLimit: Infinity };
  const query = rangeQuery(table, { ...read, projection: "keys" }, call);
  const page = await session.query(
    after === undefined ? query : { ...query, ExclusiveStartKey: itemKey(id, after) },
    call,
  );
  const covered = (page.Items ?? []).filter((item) => {
    const row = storedRow(item);
    return isCovered([tombstone], row.key, row.version);
  });
  const removals = covered.map((item) => ({
    position: { id, sortKey: bytesOf(item, SK) },
    version: versionOf(item),
  }));
  const removed = await removeAll(session, table, removals, call);
  const last = page.LastEvaluatedKey;
  return {
    examined: page.Items?.length ?? 0,
    removed,
    cleared: last === undefined ? undefined : bytesOf(last, SK),
  };
}

/** An item that may go while it still has the version it was seen with. */
export type Removal = { readonly position: Position; readonly version: Version };

/** Deletes the items, those that have changed excepted; how many went. */
export async function removeAll(
  session: Session,
  table: string,
  removals: readonly Removal[],
  call: EngineCall,
): Promise<number> {
  const answers = await inParallel(removals, PARALLEL_MAX, async (removal) =>
    session.deleteItem(deleteIfSame(table, removal), call),
  );
  return answers.filter(({ kind }) => kind === "done").length;
}

function deleteIfSame(table: string, { position, version }: Removal): DeleteItemCommandInput {
  return {
    TableName: table,
    Key: itemKey(position.id, position.sortKey),
    ConditionExpression: `${VERSION} = :version`,
    ExpressionAttributeValues: { ":version": { B: encodeVersion(version) } },
  };
}
