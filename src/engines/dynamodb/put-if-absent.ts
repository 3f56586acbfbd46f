/** Conditional puts: DynamoDB's own conditions, with the record's range deletions looked up before. */
import { equalBytes } from "../../model/bytes.ts";
import { inRange } from "../../model/range.ts";
import { compareVersions, encodeVersion, type Version } from "../../model/version.ts";
import type { EngineCall, Partition, PutIfAbsentOutcome, Row } from "../../ports/storage-engine.ts";
import { isCovered, type RangeTombstone } from "../shared/tombstones.ts";
import { EXPIRY, itemKey, REMOVE_AT, rowSortKey, VERSION } from "./attributes.ts";
import { loadTombstones } from "./controls.ts";
import { rowItem, type TtlSettings } from "./rows.ts";
import type { Conditional, Session } from "./session.ts";

const INSERTED: PutIfAbsentOutcome = { kind: "inserted" };
const PRESENT: PutIfAbsentOutcome = { kind: "present" };

/**
 * Puts the row over nothing, over an older deletion marker, over an older row that has expired by the call's clock,
 * or over one that a range deletion older than this put hides. A row of this very version counts as inserted.
 */
export async function putIfAbsent(
  session: Session,
  table: string,
  { id }: Partition,
  row: Row,
  settings: TtlSettings,
  call: EngineCall,
): Promise<PutIfAbsentOutcome> {
  // A condition is judged on the item as it is, whatever the call's consistency.
  const tombstones = await loadTombstones(session, table, id, { ...call, consistency: "quorum" });
  if (isCovered(tombstones, row.key, row.version)) return PRESENT;
  const covering = newestOver(tombstones, row.key);
  const version = encodeVersion(row.version);
  const dead =
    `attribute_exists(${REMOVE_AT}) OR ${EXPIRY} <= :now` +
    (covering === undefined ? "" : ` OR ${VERSION} <= :covering`);
  const answer = await session.putItem(
    {
      TableName: table,
      Item: rowItem(id, row, settings),
      ConditionExpression: `attribute_not_exists(${VERSION}) OR (${VERSION} < :version AND (${dead}))`,
      ExpressionAttributeValues: {
        ":version": { B: version },
        ":now": { N: String(call.now) },
        ...(covering === undefined ? {} : { ":covering": { B: encodeVersion(covering) } }),
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
    call,
  );
  if (answer.kind === "done") return INSERTED;
  const present = await presentVersion(session, table, id, row.key, answer, call);
  return present !== undefined && equalBytes(present, version) ? INSERTED : PRESENT;
}

/** The version that refused the put; asked for where the refusal does not show it, as some stand-ins do not. */
async function presentVersion(
  session: Session,
  table: string,
  id: string,
  key: Uint8Array,
  answer: Extract<Conditional, { kind: "refused" }>,
  call: EngineCall,
): Promise<Uint8Array | undefined> {
  if (answer.item !== undefined) return answer.item[VERSION]?.B;
  const { Item } = await session.getItem(
    {
      TableName: table,
      Key: itemKey(id, rowSortKey(key)),
      ProjectionExpression: VERSION,
      ConsistentRead: true,
    },
    call,
  );
  return Item?.[VERSION]?.B;
}

function newestOver(tombstones: readonly RangeTombstone[], key: Uint8Array): Version | undefined {
  let newest: Version | undefined;
  for (const { range, version } of tombstones) {
    if (!inRange(range, key)) continue;
    if (newest === undefined || compareVersions(version, newest) > 0) newest = version;
  }
  return newest;
}
