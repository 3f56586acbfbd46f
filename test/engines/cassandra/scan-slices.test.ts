// Goal: a scan gets past more tombstones than the server reads at a time, wherever they lie, gives every live row once,
// and is honest about a server that fails for another reason (SCAN-1, PAGE-5). Method: a server of scripted records.
import { fc, test } from "@fast-check/vitest";
import type { types } from "cassandra-driver";
import { expect } from "vitest";
import { rowCells } from "../../../src/engines/cassandra/cells.ts";
import { scan } from "../../../src/engines/cassandra/scan.ts";
import type { Session } from "../../../src/engines/cassandra/session.ts";
import type { Statement } from "../../../src/engines/cassandra/statements.ts";
import { compareBytes, EMPTY_BYTES, fromUtf8, utf8 } from "../../../src/model/bytes.ts";
import { KvError } from "../../../src/model/error.ts";
import { SECOND } from "../../../src/model/time.ts";
import { neverAborted } from "../../../src/ports/never-aborted.ts";
import { rejectionOf } from "../../fakes/error-of.ts";

const NAME = { keyspace: "ks", table: "t" };
const CALL = { deadline: 1, signal: neverAborted, consistency: "quorum", now: 5 } as const;
const version = { time: 1, rank: 0, expiry: 0, nonce: new Uint8Array(16) } as const;
const cells = rowCells(version, EMPTY_BYTES, EMPTY_BYTES);

type Stored = { readonly token: bigint; readonly key: string; readonly live: boolean };

/** A read that met more than the server passes over. */
function refused(): KvError {
  const cause = Object.assign(new Error("Server failure"), { name: "ResponseError", code: 0x1300 });
  return new KvError("INTERNAL", cause.message, { applied: "no", cause });
}

function isWithin(key: string, start: Buffer | undefined, end: Buffer | undefined): boolean {
  const bytes = utf8(key);
  const isBefore = end === undefined || compareBytes(bytes, end) < 0;
  return isBefore && (start === undefined || compareBytes(bytes, start) >= 0);
}

/** A table whose records are called by their tokens; it passes over so many dead rows a query. */
function table(rows: readonly Stored[], deadMax: number) {
  let queries = 0;
  const sorted = rows.toSorted(
    (a, b) => Number(a.token - b.token) || compareBytes(utf8(a.key), utf8(b.key)),
  );
  const answer = (inside: readonly Stored[], limit: number): types.Row[] => {
    const found: unknown[] = [];
    let dead = 0;
    for (const { token, key, live } of inside) {
      if (found.length === limit) break;
      if (!live && (dead += 1) > deadMax) throw refused();
      const row = { id: `${token}`, key: Buffer.from(key), value: cells.value };
      if (live) found.push({ ...row, value_metadata: cells.metadata });
    }
    return found as types.Row[];
  };
  const select = async ({ query, params }: Statement): Promise<types.Row[]> => {
    queries += 1;
    const limit = params.at(-1) as number;
    if (query.includes("token(id) = ?")) {
      const [token, ...bounds] = params.slice(0, -1) as [bigint, ...Buffer[]];
      const start = query.includes("key >= ?") ? bounds.shift() : undefined;
      const [end] = bounds;
      const own = sorted.filter(({ token: at, key }) => at === token && isWithin(key, start, end));
      return answer(own, limit);
    }
    if (query.includes("token(id)")) {
      const [after, last] = [BigInt(params[0] as string), params[1] as bigint];
      return answer(
        sorted.filter(({ token }) => token > after && token <= last),
        limit,
      );
    }
    const [id, start] = params as [string, Buffer];
    const end = query.includes("key < ?") ? (params[2] as Buffer) : undefined;
    const own = sorted.filter(({ token, key }) => `${token}` === id && isWithin(key, start, end));
    return answer(own, limit);
  };
  const define = async (): Promise<object[]> => [
    { column_name: "key", type: "blob", kind: "clustering", clustering_order: "asc" },
  ];
  const session = { select, define, timeLeft: () => SECOND, tokenOf: BigInt };
  return { session: session as unknown as Session, queries: () => queries };
}

/** All that a scan gives, page by page. */
async function scanned(session: Session, rowLimit: number) {
  const seen: string[] = [];
  let [cursor, pages]: [Uint8Array | undefined, number] = [undefined, 0];
  do {
    const read = { table: "t", segment: { index: 0, of: 1 }, cursor, rowLimit } as const;
    const page = await scan(session, NAME, { ...read, projection: "keys" }, CALL);
    seen.push(...page.entries.map(({ id, row }) => `${id}/${fromUtf8(row.key)}`));
    ({ cursor } = page);
    pages += 1;
  } while (cursor !== undefined && pages < 1_000);
  return { seen, pages };
}

const record = (token: bigint, live: boolean, rows = 10): Stored[] =>
  Array.from({ length: rows }, (_, i) => ({ token, key: `k${i}`, live }));

test("records of dead rows in the way of one that lives are passed", async () => {
  const dead = Array.from({ length: 200 }, (_, i) =>
    record(BigInt(i) * 10n ** 16n - 10n ** 18n, false),
  );
  const { session, queries } = table([...dead.flat(), ...record(2n ** 62n, true, 1)], 100);
  const { seen } = await scanned(session, 50);
  expect(seen).toEqual([`${2n ** 62n}/k0`]);
  expect(queries()).toBeLessThan(200);
});

test("dead rows in the middle of a record are passed from the row where a page ended", async () => {
  const rows = [
    ...record(1n, true, 3),
    ...Array.from({ length: 150 }, (_, i) => ({
      token: 1n,
      key: `x${String(i).padStart(3, "0")}`,
      live: false,
    })),
    ...record(2n, true, 2),
    { token: 1n, key: "z", live: true },
  ];
  const { session } = table(rows, 100);
  expect((await scanned(session, 3)).seen).toEqual(["1/k0", "1/k1", "1/k2", "1/z", "2/k0", "2/k1"]);
});

const many = (token: bigint, rows: number): Stored[] =>
  Array.from({ length: rows }, (_, i) => ({
    token,
    key: `m${String(i).padStart(4, "0")}`,
    live: false,
  }));

test.each([
  ["before all that lives", [{ token: 7n, key: "z", live: true }], ["7/z"]],
  [
    "between rows that live",
    ["a", "b", "z"].map((key) => ({ token: 7n, key, live: true })),
    ["7/a", "7/b", "7/z"],
  ],
  ["and nothing that lives", [], []],
])("one record with more of them than the server passes over, %s", async (_where, own, wanted) => {
  for (const rowLimit of [1, 2, 50]) {
    const beside = [...record(6n, true, 2), ...record(8n, true, 2), ...record(2n ** 62n, true, 1)];
    const { session, queries } = table([...many(7n, 1_000), ...own, ...beside], 100);
    const { seen } = await scanned(session, rowLimit);
    expect(seen).toEqual(["6/k0", "6/k1", ...wanted, "8/k0", "8/k1", `${2n ** 62n}/k0`]);
    expect(queries()).toBeLessThan(200);
  }
});

test("a scan that has time for one failure a call comes to its end all the same", async () => {
  const { session } = table([...many(7n, 1_000), ...record(8n, true, 1)], 100);
  let left = SECOND;
  const slow: Session = {
    ...session,
    timeLeft: () => left,
    select: async (...asked) => {
      left = 0;
      return session.select(...asked);
    },
  };
  const seen: string[] = [];
  let [cursor, pages]: [Uint8Array | undefined, number] = [undefined, 0];
  do {
    left = SECOND;
    const read = { table: "t", segment: { index: 0, of: 1 }, cursor, rowLimit: 10 } as const;
    const page = await scan(slow, NAME, { ...read, projection: "keys" }, CALL);
    seen.push(...page.entries.map(({ id, row }) => `${id}/${fromUtf8(row.key)}`));
    ({ cursor } = page);
    pages += 1;
  } while (cursor !== undefined && pages < 200);
  expect(seen).toEqual(["8/k0"]);
});

test("a server that fails whatever it is asked is told as it failed", async () => {
  const { session } = table([], 0);
  let queries = 0;
  const broken: Session = {
    ...session,
    select: async () => {
      queries += 1;
      throw refused();
    },
  };
  expect(await rejectionOf(scanned(broken, 50))).toMatchObject({ code: "INTERNAL" });
  expect(queries).toBeLessThan(60);
});

test("a table that the node has not heard of is not taken for one that lies forward", async () => {
  const { session } = table(record(1n, true, 3), 100);
  const deaf: Session = { ...session, define: async () => [] };
  expect(await rejectionOf(scanned(deaf, 2))).toMatchObject({ code: "UNAVAILABLE", applied: "no" });
});

const tokens = fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n });
const records = fc.uniqueArray(fc.tuple(tokens, fc.boolean(), fc.integer({ min: 1, max: 20 })), {
  selector: ([token]) => token,
  maxLength: 30,
});

test.prop([records, fc.integer({ min: 1, max: 30 })])(
  "every live row comes once and in order, whatever is dead",
  async (drawn, rowLimit) => {
    const rows = drawn.flatMap(([token, live, count]) => record(token, live, count));
    const { session } = table(rows, 20);
    const wanted = drawn
      .filter(([, live]) => live)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([token, , count]) =>
        record(token, true, count)
          .map(({ key }) => key)
          .toSorted((a, b) => compareBytes(utf8(a), utf8(b)))
          .map((key) => `${token}/${key}`),
      );
    const { seen, pages } = await scanned(session, rowLimit);
    expect(seen).toEqual(wanted);
    expect(pages).toBeLessThan(1_000);
  },
);
