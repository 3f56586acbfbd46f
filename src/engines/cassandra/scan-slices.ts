/**
 * Scanning past more tombstones than Cassandra reads in one query (100,000 by default): tokens are gone through in
 * slices, as narrow as they have to be, until rows come or the call has done enough. As in read-slices.ts, the server
 * says only that it failed, so widths are found by trying. Where a single record is too much, `scan.ts` cuts that.
 */
import type { EngineCall, Projection } from "../../ports/storage-engine.ts";
import { isReadFailure } from "./errors.ts";
import type { Rows, Session } from "./session.ts";
import { selectTokens, type TableName } from "./statements.ts";

/** Most native reads of one call: a failing one has read as many tombstones as the server allows. */
const TRIES_MAX = 40;
/** By how much a slice is narrowed after a failure, and widened after a success. */
const [NARROWER, WIDER] = [4n, 2n];
/** After so many failures one after another each step is twice as long: it may be one record of a whole table. */
const MISSES_USUAL = 3;

/** Tokens greater than `after`, up to and with `last`, and how much of them is wanted. */
export type TokenRead = {
  readonly after: bigint;
  readonly last: bigint;
  readonly limit: number;
  readonly projection: Projection;
};

/** Rows of the slice that was read last, and where the scan goes on. */
export type SlicedRows =
  | { readonly kind: "read"; readonly rows: Rows; readonly rest: TokenPlace | undefined }
  /** The one record after the place is too much for a query. */
  | { readonly kind: "blocked" };

/** After all records up to a token; the next slice is to be that wide. */
export type TokenPlace = { readonly token: bigint; readonly width: bigint };

/** Without rows, and the place the same but narrower, where the time was used up on failures. */
export async function tokensInSlices(
  session: Session,
  name: TableName,
  { after, last, ...wanted }: TokenRead,
  beginWith: bigint,
  call: EngineCall,
): Promise<SlicedRows> {
  const until = session.timeLeft(call) / 2;
  let [token, width, misses]: [bigint, bigint, number] = [after, beginWith, 0];
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    // Half of the time is for whoever asked: other pages, and the answer.
    if (tries > 0 && session.timeLeft(call) < until) break;
    const end = token + width < last ? token + width : last;
    const statement = selectTokens(name, token, end, wanted);
    const found = await trySelect(session, statement, wanted.limit, call);
    if (found === undefined) {
      // A page of its own, with time of its own.
      if (width === 1n && tries > 0) break;
      if (width === 1n) return { kind: "blocked" };
      width = narrowed(width, misses);
      misses += 1;
      continue;
    }
    misses = 0;
    if (found.length > 0 || end === last) {
      const rest = end === last ? undefined : { token: end, width };
      return { kind: "read", rows: found, rest };
    }
    token = end;
    width *= WIDER;
  }
  return { kind: "read", rows: [], rest: { token, width } };
}

/** How wide a slice is to be after one that failed; one token is never cut. */
export function narrowed(width: bigint, misses = 0): bigint {
  const steps = 2 ** Math.max(0, misses - MISSES_USUAL);
  const by = NARROWER ** BigInt(steps);
  return width > by ? width / by : 1n;
}

/** The rows of a slice; undefined when the server could not read it. */
async function trySelect(
  session: Session,
  statement: ReturnType<typeof selectTokens>,
  limit: number,
  call: EngineCall,
): Promise<Rows | undefined> {
  try {
    return await session.select(statement, limit, call);
  } catch (error) {
    if (isReadFailure(error)) return undefined;
    throw error;
  }
}
