/**
 * Where the rows of a scan come from. A place of a scan is what the engine gave to go on with, or, where a page ended
 * before the engine's did, the last row of it:
 *
 *   00 | the engine's cursor
 *   01 | the row (`row-place.ts`)
 */
import { concatBytes, equalBytes } from "../model/bytes.ts";
import { KvError } from "../model/error.ts";
import { decodeRowPlace, encodeRowPlace, type RowPlace } from "../model/row-place.ts";
import type { ScanSegment } from "../model/scan.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { Projection, Row, ScanPage, ScanRead } from "../ports/storage-engine.ts";
import type { Telemetry } from "../ports/telemetry.ts";
import type { PageSource } from "./page-source.ts";

const CURSOR = Uint8Array.of(0);
const ROW = Uint8Array.of(1);

/** What is scanned. */
export type ScanParts = {
  readonly namespace: Namespace;
  readonly segment: ScanSegment;
  readonly projection: Projection;
  readonly telemetry: Telemetry;
};

/** The rows of a segment. */
export function scanSource({ namespace, segment, projection, telemetry }: ScanParts): PageSource {
  const { engine, table } = namespace;
  return {
    pagesByBytes: engine.capabilities.pagesByBytes,
    read: async (after, rowLimit, byteLimit, call) => {
      const from = standing(after);
      const read = { table, segment, ...from, rowLimit, byteLimit, projection };
      const page = await engine.scan(read, call);
      telemetry.count("rows_scanned", page.rowsExamined);
      checkAdvance(page, from);
      const { rows, ids } = apart(page.entries);
      const resumeAfter = page.cursor && concatBytes(CURSOR, page.cursor);
      return { rows, ids, rowsExamined: page.rowsExamined, resumeAfter };
    },
    placeOf: ({ rows, ids = [] }, index) => {
      const [id, { key }] = [ids[index] as string, rows[index] as Row];
      return concatBytes(ROW, encodeRowPlace({ id, key }));
    },
  };
}

/** As a page has them: a scan has too many rows to make a third object of each. */
function apart(entries: readonly ScanEntry[]): { rows: Row[]; ids: string[] } {
  const [rows, ids]: [Row[], string[]] = [[], []];
  for (const { id, row } of entries) {
    rows.push(row);
    ids.push(id);
  }
  return { rows, ids };
}

type ScanEntry = ScanPage["entries"][number];

type Standing = Pick<ScanRead, "cursor" | "after">;

/** What the place says. It comes from a token that was sealed, and is one of ours. */
function standing(place: Uint8Array | undefined): Standing {
  if (place === undefined) return { cursor: undefined };
  const rest = place.slice(1);
  return place[0] === ROW[0]
    ? { cursor: undefined, after: decodeRowPlace(rest) }
    : { cursor: rest };
}

/** Throws INTERNAL when the engine begins where the scan had come to, or goes on from there: it would never end. */
function checkAdvance({ entries, cursor: next }: ScanPage, { cursor, after }: Standing): void {
  const [first] = entries;
  const isAgain = first !== undefined && after !== undefined && isSameRow(first, after);
  const standsStill = next !== undefined && cursor !== undefined && equalBytes(next, cursor);
  if (!isAgain && !standsStill) return;
  throw new KvError("INTERNAL", "engine's scan stands still, wanted rows past those it gave");
}

function isSameRow({ id, row }: ScanEntry, place: RowPlace): boolean {
  return id === place.id && equalBytes(row.key, place.key);
}
