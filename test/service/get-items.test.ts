// Goal: what a read refuses, when it returns early, and that no failure looks like absence.
import { describe, expect, test } from "vitest";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { EMPTY_BYTES, fromHex, fromUtf8, utf8 } from "../../src/model/bytes.ts";
import { KvError } from "../../src/model/error.ts";
import { matchAll, matchKeys, matchRange } from "../../src/model/predicate.ts";
import type { GetItemsRequest } from "../../src/model/request.ts";
import { PAGE_SIZE_BYTES_MAX } from "../../src/model/selection.ts";
import { MILLISECOND } from "../../src/model/time.ts";
import type { RangeRead, Row, RowsPage } from "../../src/ports/storage-engine.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { type FakeEngine, fakeEngine } from "../fakes/fake-engine.ts";
import { steppedEnv, WALL_BEGIN } from "../fakes/stepped-env.ts";
import { listedRowsEngine } from "./listed-rows-engine.ts";
import { serviceStage } from "./service-stage.ts";

const GET = {
  kind: "get_items",
  namespace: "users",
  capabilities: PLAIN_CLIENT,
  id: "r",
  predicate: matchAll,
  selection: {},
} as const satisfies GetItemsRequest;

const rowOf = (text: string, changes: Partial<Row> = {}): Row => ({
  key: utf8(text),
  value: utf8(`value of ${text}`),
  metadata: EMPTY_BYTES,
  version: { time: 7, rank: 0, expiry: 0, nonce: new Uint8Array(16) },
  ...changes,
});
const page = (
  rows: readonly Row[],
  resumeAfter?: Uint8Array,
  rowsExamined = rows.length,
): RowsPage => ({
  rows,
  rowsExamined,
  resumeAfter,
});

const manner = { strides: [100], countsHidden: true, keysPerReadMax: 100 };
const five = ["a", "b", "c", "d", "e"].map((key) => ({
  key: utf8(key),
  value: utf8("0123456789"),
  state: "live" as const,
}));

const refused: readonly (readonly [string, Partial<GetItemsRequest>, string])[] = [
  ["an empty id", { id: "" }, "INVALID_ARGUMENT"],
  ["an id past its limit", { id: "é".repeat(513) }, "TOO_LARGE"],
  ["an unknown namespace", { namespace: "nobody" }, "NAMESPACE_NOT_FOUND"],
  ["a page of no bytes", { selection: { pageSizeBytes: 0 } }, "INVALID_ARGUMENT"],
  [
    "a page past its limit",
    { selection: { pageSizeBytes: PAGE_SIZE_BYTES_MAX + 1 } },
    "INVALID_ARGUMENT",
  ],
  ["no items", { selection: { itemLimit: 0 } }, "INVALID_ARGUMENT"],
  ["a key past its limit", { predicate: matchKeys(new Uint8Array(1_001)) }, "TOO_LARGE"],
  [
    "1,001 keys",
    { predicate: matchKeys(...Array.from({ length: 1_001 }, () => EMPTY_BYTES)) },
    "INVALID_ARGUMENT",
  ],
  ["a range start past its limit", { predicate: matchRange(new Uint8Array(1_002)) }, "TOO_LARGE"],
  [
    "a range end past its limit",
    { predicate: matchRange(undefined, new Uint8Array(1_002)) },
    "TOO_LARGE",
  ],
  ["a token of nothing", { pageToken: EMPTY_BYTES }, "INVALID_ARGUMENT"],
  ["a made-up token", { pageToken: new Uint8Array(40) }, "INVALID_ARGUMENT"],
];

describe("getItems()", () => {
  test.each(refused)("refuses %s before any engine call", async (_name, change, code) => {
    const engine = fakeEngine();
    const { handle, call } = serviceStage(engine);
    expect((await rejectionOf(handle({ ...GET, ...change }, call())))?.code).toBe(code);
    expect(engine.calls).toEqual([]);
  });

  test.each([
    ["no keys", matchKeys()],
    ["an empty range", matchRange(utf8("b"), utf8("a"))],
    ["a range up to the empty key", matchRange(undefined, EMPTY_BYTES)],
  ])("answers %s without an engine call", async (_name, predicate) => {
    const engine = fakeEngine();
    const { handle, call } = serviceStage(engine);
    expect(await handle({ ...GET, predicate }, call())).toMatchObject({ items: [] });
    expect(engine.calls).toEqual([]);
  });

  test("shows an item with what is known of it, and nothing of what has expired this instant", async () => {
    const content = fromHex("0101000474657874");
    const rows = [
      rowOf("a", { metadata: content }),
      rowOf("b", { version: { time: 8, rank: 1, expiry: WALL_BEGIN, nonce: EMPTY_BYTES } }),
      rowOf("c", { version: { time: 9, rank: 1, expiry: WALL_BEGIN + 1, nonce: EMPTY_BYTES } }),
    ];
    const { handle, call } = serviceStage(fakeEngine({ readRange: async () => page(rows) }));
    const { items } = await handle(GET, call());
    expect(items).toEqual([
      {
        key: utf8("a"),
        value: utf8("value of a"),
        valueOmitted: false,
        metadata: { lifecycle: { writeTime: 7 }, content: { type: "text" } },
      },
      {
        key: utf8("c"),
        value: utf8("value of c"),
        valueOmitted: false,
        metadata: { lifecycle: { writeTime: 9, expiresAt: WALL_BEGIN + 1 } },
      },
    ]);
  });

  test("takes a token of its own traversal only: not of another namespace, record, predicate or direction", async () => {
    const { handle, call } = serviceStage(listedRowsEngine(five, manner));
    const small = { ...GET, selection: { pageSizeBytes: 11 } };
    const { nextPageToken: pageToken } = await handle(small, call());
    expect((await handle({ ...small, pageToken }, call())).items.length).toBe(1);
    const others: readonly Partial<GetItemsRequest>[] = [
      { namespace: "orders" },
      { id: "s" },
      { predicate: matchRange() },
      { predicate: matchKeys(utf8("b")) },
      { selection: { pageSizeBytes: 11, reverse: true } },
      { pageToken: pageToken?.map((byte, i) => (i === 29 ? byte ^ 1 : byte)) },
    ];
    for (const other of others) {
      const error = await rejectionOf(handle({ ...small, pageToken, ...other }, call()));
      expect(error?.code, JSON.stringify(other)).toBe("INVALID_ARGUMENT");
    }
  });

  test("returns early, with a token, when another read would not end in time", async () => {
    const env = steppedEnv();
    const listed = listedRowsEngine(five, { ...manner, strides: [1] });
    const engine = fakeEngine({
      readRange: (read, call) => {
        env.stall(100 * MILLISECOND);
        return listed.readRange(read, call);
      },
    });
    const { handle, call } = serviceStage(engine, {}, env);
    const within = (millis: number): ReturnType<typeof call> =>
      call({ deadline: env.clock.monotonic() + millis * MILLISECOND });
    const first = await handle(GET, within(250));
    expect([first.items.length, first.nextPageToken === undefined]).toEqual([2, false]);
    const { nextPageToken: pageToken } = first;
    // Even without the time for one read a call makes it, so that no token comes back as it was.
    const second = await handle({ ...GET, pageToken }, within(50));
    expect([second.items.length, second.nextPageToken === undefined]).toEqual([1, false]);
    expect(engine.calls.length).toBe(3);
  });

  test("bounds its reads of nothing by the rows a call may look at, and advances", async () => {
    // A run of deleted rows that the engine does not even show: no row, nothing examined, only a place to go on.
    const readRange = async ({ range }: RangeRead): Promise<RowsPage> => {
      const from = range.start === undefined ? 0 : (range.start[0] as number) + 1;
      return page([], from < 250 ? Uint8Array.of(from) : undefined, 0);
    };
    const engine = fakeEngine({ readRange });
    const { handle, call } = serviceStage(engine, { rowsPerCallMax: 100 });
    let pageToken: Uint8Array | undefined;
    const reads: number[] = [];
    do {
      const before = engine.calls.length;
      const answer = await handle({ ...GET, pageToken }, call());
      expect(answer.items).toEqual([]);
      reads.push(engine.calls.length - before);
      pageToken = answer.nextPageToken;
    } while (pageToken !== undefined);
    expect(reads).toEqual([100, 100, 51]);
  });

  const lost: readonly (readonly [string, RowsPage, boolean])[] = [
    ["stands still", page([], utf8("b")), false],
    ["goes back", page([], utf8("a")), false],
    ["goes back behind its own rows", page([rowOf("c"), rowOf("d")], utf8("c")), false],
    ["begins where it was", page([rowOf("b"), rowOf("c")], utf8("c")), false],
    ["begins where it was, and ends", page([rowOf("b")]), false],
    ["begins before, in reverse", page([rowOf("c"), rowOf("a")], utf8("a")), true],
    ["stands still in reverse", page([], utf8("b")), true],
    ["goes forward in reverse", page([], utf8("c")), true],
  ];
  test.each(lost)(
    "fails INTERNAL on an engine that %s, instead of going round",
    async (_name, second, reverse) => {
      const answers = [page([rowOf("b")], utf8("b")), second];
      let reads = 0;
      const engine = fakeEngine({ readRange: async () => answers[reads++] as RowsPage });
      const { handle, call } = serviceStage(engine);
      const error = await rejectionOf(handle({ ...GET, selection: { reverse } }, call()));
      expect(error?.code).toBe("INTERNAL");
    },
  );

  test("fails INTERNAL on an engine that answers some of the keys only", async () => {
    const engine = fakeEngine({ readKeys: async () => page([rowOf("a")], utf8("a")) });
    const { handle, call } = serviceStage(engine);
    const predicate = matchKeys(utf8("a"), utf8("b"));
    expect((await rejectionOf(handle({ ...GET, predicate }, call())))?.code).toBe("INTERNAL");
  });

  /** Five rows, one a read; the second read fails. */
  const failing = (error: KvError): FakeEngine => {
    const listed = listedRowsEngine(five, { ...manner, strides: [1] });
    let reads = 0;
    return fakeEngine({
      readRange: async (read, call) => {
        reads += 1;
        if (reads === 2) throw error;
        return listed.readRange(read, call);
      },
    });
  };

  test("passes an engine's failure on, never as absence", async () => {
    const error = new KvError("UNAVAILABLE", "scripted");
    const readRange = (): Promise<never> => Promise.reject(error);
    const { handle, call } = serviceStage(fakeEngine({ readRange }));
    expect(await rejectionOf(handle(GET, call()))).toBe(error);
  });

  test.each(["UNAVAILABLE", "DEADLINE_EXCEEDED", "OVERLOADED", "OUTCOME_UNKNOWN"] as const)(
    "returns what it has, with a token that goes on there, when a later read fails %s",
    async (code) => {
      const { handle, call } = serviceStage(failing(new KvError(code, "scripted")));
      const first = await handle(GET, call());
      expect(first.items.map(({ key }) => fromUtf8(key))).toEqual(["a"]);
      const { items } = await handle({ ...GET, pageToken: first.nextPageToken }, call());
      expect(items.map(({ key }) => fromUtf8(key))).toEqual(["b", "c", "d", "e"]);
    },
  );

  test.each(["INTERNAL", "DATA_LOSS", "CANCELLED", "INVALID_ARGUMENT"] as const)(
    "passes a later read's %s on: the next call would not do better",
    async (code) => {
      const { handle, call } = serviceStage(failing(new KvError(code, "scripted")));
      expect((await rejectionOf(handle(GET, call())))?.code).toBe(code);
    },
  );

  test("fails DATA_LOSS on metadata that do not decode", async () => {
    const rows = [rowOf("a"), rowOf("b", { metadata: utf8("garbage") })];
    const { handle, call } = serviceStage(fakeEngine({ readRange: async () => page(rows) }));
    expect((await rejectionOf(handle(GET, call())))?.code).toBe("DATA_LOSS");
  });
});
