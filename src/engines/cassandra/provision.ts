/** Making tables in the published shape, and checking those that are there (NS-7). */
import { KvError } from "../../model/error.ts";
import { DAY, SECOND } from "../../model/time.ts";
import type { EngineCall, TableSpec } from "../../ports/storage-engine.ts";
import type { Session } from "./session.ts";
import { createTable, quoted, type TableName } from "./statements.ts";

/** What tombstones are kept for at least, Cassandra's own default: repairs are planned around it. */
export const GC_GRACE_MIN: number = 10 * DAY;

const SHAPE: ReadonlyMap<string, string> = new Map([
  ["id", "text partition_key none"],
  ["value", "blob regular none"],
  ["value_metadata", "blob regular none"],
]);

/**
 * Makes the keyspace if `replication` is given and it is missing, and the table if it is missing; raises its
 * gc_grace_seconds to the retention. Throws INVALID_ARGUMENT when a table of another shape, or order, has the name.
 *
 * Any number of servers may do so at once, through any nodes: what they make is equal, down to the table's id. It is
 * done when all nodes that answer have the table, so that the first write finds it wherever it arrives.
 */
export async function provision(
  session: Session,
  name: TableName,
  spec: TableSpec,
  replication: Readonly<Record<string, number>> | undefined,
  call: EngineCall,
): Promise<void> {
  if (replication !== undefined) {
    await session.define(createKeyspace(name.keyspace, replication), [], call);
  }
  const { descending = false } = spec;
  const gcGrace = Math.max(GC_GRACE_MIN, spec.retention);
  if ((await shapeOf(session, name, call)).size === 0) {
    // A node that does not know the keyspace yet refuses a table in it.
    await session.agree(call);
    await session.define(createTable(name, gcGrace, descending), [], call);
  }
  await session.agree(call);
  checkShape(name, await shapeOf(session, name, call), descending);
  await keepTombstones(session, name, Math.ceil(gcGrace / SECOND), call);
}

/** The statement that makes it where there is none. */
export function createKeyspace(
  keyspace: string,
  replication: Readonly<Record<string, number>>,
): string {
  const copies = Object.entries(replication).map(
    ([dataCentre, count]) => `, '${dataCentre}': ${count}`,
  );
  const map = `{'class': 'NetworkTopologyStrategy'${copies.join("")}}`;
  return `CREATE KEYSPACE IF NOT EXISTS "${keyspace}" WITH replication = ${map}`;
}

async function shapeOf(
  session: Session,
  { keyspace, table }: TableName,
  call: EngineCall,
): Promise<ReadonlyMap<string, string>> {
  const rows = await session.define(
    "SELECT column_name, type, kind, clustering_order FROM system_schema.columns " +
      "WHERE keyspace_name = ? AND table_name = ?",
    [keyspace, table],
    call,
  );
  return new Map(
    rows.map((row) => [
      row["column_name"] as string,
      `${row["type"]} ${row["kind"]} ${row["clustering_order"]}`,
    ]),
  );
}

/**
 * Whether the table's rows lie from the last key to the first. It can never change while the table exists. Throws
 * UNAVAILABLE where the node that answers has not heard of the table yet.
 */
export async function isDescending(
  session: Session,
  name: TableName,
  call: EngineCall,
): Promise<boolean> {
  const shape = await shapeOf(session, name, call);
  if (shape.size > 0) return shape.get("key") === keyShape(true);
  const found = `a node knows no table ${quoted(name)}`;
  throw new KvError("UNAVAILABLE", `${found}, wanted one that does`, { applied: "no" });
}

function keyShape(descending: boolean): string {
  return `blob clustering ${descending ? "desc" : "asc"}`;
}

function checkShape(
  name: TableName,
  shape: ReadonlyMap<string, string>,
  descending: boolean,
): void {
  const columns: readonly (readonly [string, string])[] = [...SHAPE, ["key", keyShape(descending)]];
  const differs = columns.find(([column, wanted]) => shape.get(column) !== wanted);
  if (differs === undefined && shape.size === columns.length) return;
  const [column, wanted] = differs ?? ["number of columns", String(columns.length)];
  const found = shape.get(column) ?? `${shape.size} columns`;
  throw new KvError(
    "INVALID_ARGUMENT",
    `table ${quoted(name)} has another shape: ${column} is ${found}, wanted ${wanted}`,
  );
}

async function keepTombstones(
  session: Session,
  { keyspace, table }: TableName,
  seconds: number,
  call: EngineCall,
): Promise<void> {
  const [found] = await session.define(
    "SELECT gc_grace_seconds FROM system_schema.tables WHERE keyspace_name = ? AND table_name = ?",
    [keyspace, table],
    call,
  );
  if ((found?.["gc_grace_seconds"] as number) >= seconds) return;
  const name = quoted({ keyspace, table });
  await session.define(`ALTER TABLE ${name} WITH gc_grace_seconds = ${seconds}`, [], call);
  await session.agree(call);
}
