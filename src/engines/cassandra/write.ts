/** Applying mutations: one single-partition batch, so that all of them are seen together (PUT-2). */
import { KvError } from "../../model/error.ts";
import { isEmptyRange } from "../../model/range.ts";
import type { EngineCall, Mutation, MutationOutcome } from "../../ports/storage-engine.ts";
import { markerCells, rowCells } from "./cells.ts";
import { GC_GRACE_MIN } from "./provision.ts";
import type { Session } from "./session.ts";
import { deleteRange, updateRow, type Statement, type TableName } from "./statements.ts";
import { nativeTtlSeconds } from "./timestamps.ts";

/** Largest write, bytes of everything bound: within a server's default limits of 16 MiB for a frame and a mutation. */
export const WRITE_BYTES_MAX: number = 12 * 1024 * 1024;

const ACCEPTED: MutationOutcome = { kind: "accepted" };

/** What the statements of a write depend on beside the write. */
export type WriteSettings = { readonly nativeTtl: boolean };

/**
 * Sends the mutations of one record as one. Cassandra elects the winner by itself and does not tell which: all are
 * `accepted`. Throws TOO_LARGE above `WRITE_BYTES_MAX`, since two batches would not be seen together.
 */
export async function write(
  session: Session,
  name: TableName,
  id: string,
  mutations: readonly Mutation[],
  settings: WriteSettings,
  call: EngineCall,
): Promise<readonly MutationOutcome[]> {
  const statements = mutations.flatMap((mutation) =>
    statementsOf(name, id, mutation, settings, call),
  );
  const size = statements.reduce((sum, statement) => sum + bytesOf(statement), 0);
  if (size > WRITE_BYTES_MAX) {
    throw new KvError("TOO_LARGE", `the write is ${size} bytes, wanted at most ${WRITE_BYTES_MAX}`);
  }
  if (statements.length > 0) await session.mutate(statements, call);
  return mutations.map(() => ACCEPTED);
}

function statementsOf(
  name: TableName,
  id: string,
  mutation: Mutation,
  { nativeTtl }: WriteSettings,
  { now }: EngineCall,
): readonly Statement[] {
  switch (mutation.kind) {
    case "put": {
      const { key, value, metadata, version } = mutation.row;
      const expires = nativeTtl && version.expiry !== 0;
      const ttlSeconds = expires ? nativeTtlSeconds(version.expiry, now) : undefined;
      const cells = rowCells(version, value, metadata);
      return [updateRow(name, id, key, { ...cells, version, ttlSeconds })];
    }
    case "delete_key": {
      // A marker with a TTL instead of a row tombstone: reads count it, so that a page of them stays bounded.
      const { key, version, removeAt } = mutation;
      // A cell that outlives the grace of tombstones never is one: when its TTL fires, it is gone, and readers need
      // not cross it. With a shorter TTL it would be a tombstone for the rest of the grace.
      const end = removeAt + GC_GRACE_MIN;
      const ttlSeconds = nativeTtl ? nativeTtlSeconds(end, now) : undefined;
      const cells = markerCells(version, removeAt);
      return [updateRow(name, id, key, { ...cells, version, ttlSeconds })];
    }
    case "delete_range":
      // A tombstone over nothing, or with its bounds the wrong way round, is never sent.
      if (isEmptyRange(mutation.range)) return [];
      return [deleteRange(name, id, mutation.range, mutation.version)];
    case "delete_record":
      return [deleteRange(name, id, {}, mutation.version)];
    default:
      return mutation satisfies never;
  }
}

/** What the statement weighs on the wire, nearly; ids count three bytes a unit, the most that UTF-8 needs. */
function bytesOf(statement: Statement): number {
  const overhead = 64;
  return statement.params.reduce<number>((sum, param) => {
    if (typeof param === "string") return sum + param.length * 3;
    return sum + (Buffer.isBuffer(param) ? param.length : 8);
  }, overhead);
}
