/** Removing what no TTL of Cassandra's own removes. */
import { type Micros } from "../../model/time.ts";
import { RANK_DELETE } from "../../model/version.ts";
import type { EngineCall, SweepOutcome, SweepRequest } from "../../ports/storage-engine.ts";
import { type StoredRow, storedRow } from "./rows.ts";
import { scanRaw } from "./scan.ts";
import type { Session } from "./session.ts";
import { deleteRow, type Statement, type TableName } from "./statements.ts";
import { NATIVE_END_MAX } from "./timestamps.ts";

/**
 * Looks at the next rows of the table and deletes those that have ended. With Cassandra's own TTL in use nothing is
 * read before 2038: rows that end sooner go by themselves.
 */
export async function sweep(
  session: Session,
  name: TableName,
  request: SweepRequest,
  nativeTtl: boolean,
  call: EngineCall,
): Promise<SweepOutcome> {
  session.check(call);
  if (nativeTtl && call.now < NATIVE_END_MAX) {
    return { rowsExamined: 0, rowsRemoved: 0, cursor: undefined };
  }
  const { cursor, rowLimit, retention } = request;
  const segment = { index: 0, of: 1 };
  const page = await scanRaw(
    session,
    name,
    { segment, cursor, rowLimit, projection: "keys" },
    call,
  );
  const byRecord = new Map<string, Statement[]>();
  let rowsRemoved = 0;
  for (const raw of page.rows) {
    const row = storedRow(raw);
    if (row === undefined || removableFrom(row, retention) > call.now) continue;
    const id = raw["id"] as string;
    const statements = byRecord.get(id) ?? [];
    // At the row's own timestamp: a newer write to the key stays.
    statements.push(deleteRow(name, id, row.key, row.version));
    byRecord.set(id, statements);
    rowsRemoved += 1;
  }
  for (const statements of byRecord.values()) await session.mutate(statements, call);
  return { rowsExamined: page.rowsExamined, rowsRemoved, cursor: page.cursor };
}

/** From when on nothing is lost with the row: it has ended, and no older write is accepted any more (DEL-5). */
function removableFrom({ version, removeAt }: StoredRow, retention: Micros): Micros {
  if (version.rank !== RANK_DELETE && version.expiry === 0) return Infinity;
  const end = version.rank === RANK_DELETE ? removeAt : version.expiry;
  return Math.max(end, version.time + retention);
}
