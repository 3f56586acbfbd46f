/**
 * Physical clean-up: what range deletions hide, what has expired, markers and control items that nobody needs any
 * more. Every removal is conditional on the version seen, so that a write in between stays.
 *
 * A control item goes only when a strict read has found nothing left that it hides: otherwise that would show again.
 */
import type { Micros } from "../../model/time.ts";
import type { EngineCall, SweepOutcome, SweepRequest } from "../../ports/storage-engine.ts";
import { type Item, itemKey, recordOf } from "./attributes.ts";
import { clearCovered, type Removal, removeAll } from "./clear.ts";
import { knownControls, type KnownControls } from "./known-controls.ts";
import { loadControls, tombstoneOfControl } from "./controls.ts";
import { decodeCursor, encodeCursor, type Position } from "./cursor.ts";
import { isRowItem, removableFrom, storedRow } from "./rows.ts";
import { positionOf, scanRaw } from "./scan.ts";
import type { Session } from "./session.ts";

const WHOLE_TABLE = { index: 0, of: 1 };

/** What every part of a step works with. Reads are strict, whatever the caller asked for. */
type Step = {
  readonly session: Session;
  readonly table: string;
  readonly rowLimit: number;
  readonly retention: Micros;
  readonly call: EngineCall;
};

/** One step: a page of the table, or a page of the rows that one old range deletion hides. */
export async function sweep(
  session: Session,
  table: string,
  request: SweepRequest,
  call: EngineCall,
): Promise<SweepOutcome> {
  const { cursor, rowLimit, retention } = request;
  const strict: EngineCall = { ...call, consistency: "quorum" };
  const step: Step = { session, table, rowLimit, retention, call: strict };
  const standing = cursor === undefined ? undefined : decodeCursor(cursor);
  if (standing?.kind === "clearing") return await goOnClearing(step, standing);
  return await sweepPage(step, standing?.item);
}

async function goOnClearing(
  step: Step,
  standing: { readonly control: Position; readonly cleared: Uint8Array },
): Promise<SweepOutcome> {
  const { session, table, call } = step;
  const { control, cleared } = standing;
  const { Item } = await session.getItem(
    { TableName: table, Key: itemKey(control.id, control.sortKey), ConsistentRead: true },
    call,
  );
  const after = encodeCursor({ kind: "after", item: control });
  // Another sweep has finished it, or a later deletion of the record has taken its place.
  if (Item === undefined || !isDue(step, Item)) {
    return { rowsExamined: 0, rowsRemoved: 0, cursor: after };
  }
  const done = await carryOut(step, Item, cleared);
  return { rowsExamined: done.examined, rowsRemoved: done.removed, cursor: done.cursor ?? after };
}

async function sweepPage(step: Step, after: Position | undefined): Promise<SweepOutcome> {
  const { session, table, rowLimit, call } = step;
  const page = { segment: WHOLE_TABLE, after, rowLimit, projection: "keys" } as const;
  const { items, next } = await scanRaw(session, table, page, call);
  const removals: Removal[] = [];
  let rowsExamined = items.length;
  let rowsRemoved = 0;
  let cursor = next === undefined ? undefined : encodeCursor({ kind: "after", item: next });
  let record: { readonly id: string; readonly controls: KnownControls } | undefined;
  for (const item of items) {
    const id = recordOf(item);
    if (record?.id !== id) record = { id, controls: await controlsBefore(step, id, after) };
    if (isRowItem(item)) {
      if (isRemovable(step, item, record.controls)) removals.push(removalOf(item));
      continue;
    }
    if (!isDue(step, item)) {
      removals.push(...record.controls.add(item));
      continue;
    }
    const done = await carryOut(step, item, undefined);
    rowsExamined += done.examined;
    rowsRemoved += done.removed;
    // As much again as a page has been looked at: the rest is for the next step.
    if (done.cursor !== undefined || rowsExamined >= 2 * rowLimit) {
      cursor = done.cursor ?? encodeCursor({ kind: "after", item: positionOf(item) });
      break;
    }
  }
  rowsRemoved += await removeAll(session, table, removals, call);
  return { rowsExamined, rowsRemoved, cursor };
}

/** Clears one page of what the control item hides, and removes it too when that was all. */
async function carryOut(
  step: Step,
  control: Item,
  after: Uint8Array | undefined,
): Promise<{ examined: number; removed: number; cursor: Uint8Array | undefined }> {
  const { session, table, rowLimit, call } = step;
  const position = positionOf(control);
  const tombstone = tombstoneOfControl(control);
  const from = { after, rowLimit };
  const page = await clearCovered(session, table, position.id, tombstone, from, call);
  const { examined, removed, cleared } = page;
  if (cleared !== undefined) {
    const cursor = encodeCursor({ kind: "clearing", control: position, cleared });
    return { examined, removed, cursor };
  }
  const gone = await removeAll(session, table, [removalOf(control)], call);
  return { examined, removed: removed + gone, cursor: undefined };
}

/** The controls of a record in whose middle the page begins; others come with the page, before their rows. */
async function controlsBefore(
  { session, table, call }: Step,
  id: string,
  after: Position | undefined,
): Promise<KnownControls> {
  return knownControls(id === after?.id ? await loadControls(session, table, id, call) : []);
}

/** Whether no write that the control item hides is accepted any more (DEL-5). */
function isDue({ retention, call }: Step, control: Item): boolean {
  return tombstoneOfControl(control).version.time + retention <= call.now;
}

function isRemovable({ retention, call }: Step, item: Item, controls: KnownControls): boolean {
  const row = storedRow(item);
  // The control item goes on hiding whatever this row hides.
  return controls.cover(row) || removableFrom(row, retention) <= call.now;
}

function removalOf(item: Item): Removal {
  return { position: positionOf(item), version: storedRow(item).version };
}
