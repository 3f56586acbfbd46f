/**
 * Scanning past more tombstones than Cassandra reads in one query (100,000 by default): tokens are gone through in
 * slices, as narrow as they have to be, until rows come or the call has done enough. As in read-slices.ts, the server
 * says only that it failed, so widths are found by trying. A single record is never cut: of one that has more
 * tombstones than that in front of its rows, only reads by its id find them.
 */
import type { EngineCall, Projection } from "../../ports/storage-engine.ts";
import { isReadFailure } from "./errors.ts";
import type { Rows, Session } from "./session.ts";
import { selectTokens, type TableName } from "./statements.ts";

/** Most native reads of one call: a failing one has read as many tombstones as the server allows. */
const TRIES_MAX = 40;
/** By how much a slice is narrowed after a failure, and widened after a success. */
const [NARROWER, WIDER] = [4n, 2n];

/** Tokens greater than `after`, up to and with `last`, and how much of them is wanted. */
export type TokenRead = {
  readonly after: bigint;
  readonly last: bigint;
  readonly limit: number;
  readonly projection: Projection;
};

/** Rows of the slice that was read last, and where the scan goes on; undefined when nothing is left. */
export type SlicedRows = { readonly rows: Rows; readonly rest: TokenPlace | undefined };

/** After all records up to a token; the next slice is to be that wide. */
export type TokenPlace = { readonly token: bigint; readonly width: bigint };

/** Throws the server's failure when not even the narrowest slice at the beginning could be read. */
export async function tokensInSlices(
  session: Session,
  name: TableName,
  { after, last, ...wanted }: TokenRead,
  beginWith: bigint,
  call: EngineCall,
): Promise<SlicedRows> {
  const until = session.timeLeft(call) / 2;
  let [token, width, failure]: [bigint, bigint, unknown] = [after, beginWith, undefined];
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    // Half of the time is for whoever asked: other pages, and the answer.
    if (token !== after && session.timeLeft(call) < until) break;
    const end = token + width < last ? token + width : last;
    const found = await trySelect(
      session,
      selectTokens(name, token, end, wanted),
      wanted.limit,
      call,
    );
    if (found.kind === "failed") {
      ({ failure } = found);
      if (width === 1n) break;
      width = width > NARROWER ? width / NARROWER : 1n;
      continue;
    }
    if (found.rows.length > 0 || end === last) {
      return { rows: found.rows, rest: end === last ? undefined : { token: end, width } };
    }
    token = end;
    width *= WIDER;
  }
  if (token === after) throw failure;
  return { rows: [], rest: { token, width } };
}

type Tried =
  | { readonly kind: "read"; readonly rows: Rows }
  | { readonly kind: "failed"; readonly failure: unknown };

async function trySelect(
  session: Session,
  statement: ReturnType<typeof selectTokens>,
  limit: number,
  call: EngineCall,
): Promise<Tried> {
  try {
    return { kind: "read", rows: await session.select(statement, limit, call) };
  } catch (failure) {
    if (isReadFailure(failure)) return { kind: "failed", failure };
    throw failure;
  }
}
