/** Errors are typed, say whether a write was applied, and leave the store as it was (ERR-1, ERR-2, TOK-8). */
import { ERROR_TABLE, type KvError, KEY_BYTES_MAX, matchKeys, MILLISECOND } from "kvdal";
import { patterned, toBytes } from "../kit/bytes.ts";
import { holds, itemsAre, refused, same } from "../kit/check.ts";
import type { ConformanceCase } from "../kit/conformance-case.ts";
import { INLINE } from "../kit/modes.ts";
import { ENGINE_WATCH } from "../kit/need.ts";

/** Checks an error's facts against the table, and that its message says what is wanted. */
function isOfTheTable(what: string, error: KvError): void {
  const facts = ERROR_TABLE[error.code];
  same(`${what}: retry`, error.retry, facts.retry);
  same(`${what}: message begins with its code`, error.message.startsWith(`${error.code}: `), true);
  const isComplete =
    /\bwanted\b/.test(error.message) && error.message.length > error.code.length + 10;
  holds(`${what}: message`, isComplete, error.message, "what was found and what is wanted");
}

/** Cases of this topic. */
export const errorCases: readonly ConformanceCase[] = [
  {
    id: "errors/of-the-table",
    rules: ["ERR-1", "TOK-8"],
    title:
      "Refusals carry code, retry and applied of the table, and a message that says what is wanted.",
    needs: [],
    run: async ({ client, namespace, record }) => {
      const longKey = patterned(KEY_BYTES_MAX + 1);
      const elsewhere = { namespace: `${namespace()}_x`, id: "r", items: [] };
      const calls = {
        "an empty id": await refused(
          "an empty id",
          record("").put("k", "v"),
          "INVALID_ARGUMENT",
          "no",
        ),
        "a long key": await refused("a long key", record("r").put(longKey, "v"), "TOO_LARGE", "no"),
        "an old token": await refused(
          "an old token",
          record("r").put("k", "v", { at: -90 * 60_000_000 }),
          "TOKEN_FROM_PAST",
          "no",
        ),
        "a new token": await refused(
          "a new token",
          record("r").put("k", "v", { at: 90 * 60_000_000 }),
          "TOKEN_FROM_FUTURE",
          "no",
        ),
        "an unknown namespace": await refused(
          "an unknown namespace",
          client.putItems(elsewhere),
          "NAMESPACE_NOT_FOUND",
          "no",
        ),
      };
      for (const [what, error] of Object.entries(calls)) isOfTheTable(what, error);
    },
  },
  {
    id: "errors/no-time",
    rules: ["TOK-8", "ERR-1", "ERR-2"],
    title:
      "A call without time is DEADLINE_EXCEEDED, never an empty answer; the same write then completes.",
    needs: [],
    run: async ({ client, namespace, record, token }) => {
      await record("r").put("k", "v", { at: 0 });
      const target = { namespace: namespace(), id: "r" };
      const noTime = { timeoutMicros: 0 };
      await refused("a read", client.getItems(target, noTime), "DEADLINE_EXCEEDED");
      const put = {
        ...target,
        items: [{ key: toBytes("l"), value: toBytes("w") }],
        token: token(1),
      };
      await refused("a put", client.putItems(put, noTime), "DEADLINE_EXCEEDED");
      const removal = { ...target, token: token(2) };
      await refused("a deletion", client.deleteItems(removal, noTime), "DEADLINE_EXCEEDED");
      await client.deleteItems(removal);
      await client.putItems({ ...put, token: token(3) });
      itemsAre("the record after a repeat and a put", await record("r").read(), [["l", "w"]]);
    },
  },
  {
    id: "errors/given-up",
    rules: ["TOK-8", "ERR-2"],
    title: "A call whose caller gave up is CANCELLED, never an empty answer.",
    needs: [],
    run: async ({ client, namespace, record }) => {
      await record("r").put("k", "v", { at: 0 });
      const gone = new AbortController();
      gone.abort();
      const target = { namespace: namespace(), id: "r" };
      const options = { signal: gone.signal };
      await refused("a read", client.getItems(target, options), "CANCELLED");
      await refused("a deletion", client.deleteItems(target, options), "CANCELLED");
      itemsAre("the record", await record("r").read(), [["k", "v"]]);
    },
  },
  {
    id: "errors/leave-no-trace",
    rules: ["ERR-1", "DATA-4", "TOK-8"],
    title: "After many refused calls at once the record is as it was, and takes the next write.",
    needs: [],
    run: async ({ record }) => {
      await record("r").put("k", "before", { at: 0 });
      const longKey = patterned(KEY_BYTES_MAX + 1);
      const calls = Array.from({ length: 20 }, (_, i) =>
        i % 2 === 0
          ? record("r").putItems(
              [
                { key: toBytes("k"), value: toBytes("refused") },
                { key: longKey, value: toBytes("v") },
              ],
              { at: 1 },
            )
          : record("r").deleteKeys(["k", longKey], { at: 1 }),
      );
      const settled = await Promise.allSettled(calls);
      same(
        "calls that were refused",
        settled.filter(({ status }) => status === "rejected").length,
        20,
      );
      itemsAre("the record", await record("r").read(), [["k", "before"]]);
      await record("r").put("k", "after", { at: 2 });
      itemsAre("the record after the next write", await record("r").read(), [["k", "after"]]);
    },
  },
  {
    id: "errors/unknown-completes",
    rules: ["TOK-8", "TOK-4"],
    title:
      "A write whose answer never came is unknown; sent again with its token it completes, and happened once.",
    needs: [ENGINE_WATCH],
    namespaces: { main: INLINE },
    run: async ({ client, engine, namespace, record, token }) => {
      await record("r").put("k", "before", { at: 0 });
      await record("r").put("l", "before", { at: 0 });
      const target = { namespace: namespace(), id: "r" };
      const put = {
        ...target,
        items: [{ key: toBytes("k"), value: toBytes("after") }],
        token: token(1),
      };
      const removal = { ...target, predicate: matchKeys(toBytes("l")), token: token(2) };
      const late = { timeoutMicros: 20 * MILLISECOND };
      const release = engine.hold();
      await refused("a put", client.putItems(put, late), "DEADLINE_EXCEEDED", "unknown");
      await refused(
        "a deletion",
        client.deleteItems(removal, late),
        "DEADLINE_EXCEEDED",
        "unknown",
      );
      release();
      await client.putItems(put);
      await client.deleteItems(removal);
      itemsAre("the record", await record("r").read(), [["k", "after"]]);
    },
  },
];
