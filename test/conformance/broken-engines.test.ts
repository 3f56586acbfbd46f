/**
 * Three broken engines fail exactly the cases that their flaw deserves, and no other. A case that joins or leaves a
 * list is a change of what the suite says, to be looked at.
 */
import { engineDoor } from "kvdal/conformance";
import { expect, test } from "vitest";
import type { EngineAdapter } from "../../src/ports/storage-engine.ts";
import { forgetsDeletions, lastArrivalWins, sortsSigned } from "./broken-engines.ts";
import { failedIds, judge } from "./judge.ts";

type Broken = {
  readonly name: string;
  readonly adapter: () => EngineAdapter;
  readonly fails: readonly string[];
};

const BROKEN: readonly Broken[] = [
  {
    name: "an engine whose last arrival wins",
    adapter: lastArrivalWins,
    fails: [
      "put/outcome-known",
      "conditional-puts/where-one-was",
      "conditional-puts/under-a-deletion",
      "token-sources/transactions",
      "idempotency/put-repeated-after-newer",
      "idempotency/put-repeated-after-delete",
      "idempotency/delete-repeated-after-put",
      "last-write-wins/older-after-newer",
      "last-write-wins/far-apart",
      "last-write-wins/shuffled",
      "last-write-wins/concurrent",
      "last-write-wins/item-by-item",
      "ties/nonce",
      "ties/nonce-unsigned",
      "ties/empty-value-wins",
      "ties/rank",
      "ties/expiry",
      "ties/put-and-item-delete",
      "ties/put-and-range-delete",
      "ties/put-and-record-delete",
      "ties/expiring-put-and-delete",
      "ties/never-a-blend",
      "ties/several-items",
      "hedges/late-loser",
      "delete/ranges-overlapping",
      "delete/many-ranges",
      "late-writes/older-put-after-item-delete",
      "late-writes/older-put-after-range-delete",
      "late-writes/older-put-after-record-delete",
      "late-writes/older-item-delete-after-put",
      "late-writes/older-range-delete-after-put",
      "late-writes/older-record-delete-after-put",
      "late-writes/put-item-delete-put",
      "late-writes/put-range-delete-put",
      "late-writes/put-record-delete-put",
      "late-writes/after-item-marker-is-due",
      "late-writes/after-range-marker-is-due",
      "late-writes/after-record-marker-is-due",
      "late-writes/after-sweep-item",
      "late-writes/after-sweep-range",
      "late-writes/after-sweep-record",
      "late-writes/range-bounds",
      "late-writes/older-delete-after-newer-delete",
      "late-writes/expiring-put-after-delete",
      "late-writes/concurrent",
      "ttl/older-put-does-not-decide",
      "ttl/expired-then-older-put",
      "ttl/put-expired-on-arrival",
      "chunk-commits/older-after-newer",
      "chunk-collection/superseded",
      "lists/tokens",
      "lists/tokens-reserved",
      "log/beside-writes",
      "consistency/all-agree",
    ],
  },
  {
    name: "an engine that forgets deletions",
    adapter: forgetsDeletions,
    fails: [
      "conditional-puts/where-one-was",
      "conditional-puts/under-a-deletion",
      "idempotency/put-repeated-after-delete",
      "ties/put-and-item-delete",
      "ties/put-and-range-delete",
      "ties/put-and-record-delete",
      "ties/expiring-put-and-delete",
      "delete/ranges-overlapping",
      "delete/many-ranges",
      "late-writes/older-put-after-item-delete",
      "late-writes/older-put-after-range-delete",
      "late-writes/older-put-after-record-delete",
      "late-writes/after-sweep-item",
      "late-writes/after-sweep-range",
      "late-writes/after-sweep-record",
      "late-writes/range-bounds",
      "late-writes/older-delete-after-newer-delete",
      "late-writes/expiring-put-after-delete",
      "late-writes/concurrent",
      "chunk-commits/older-after-newer",
      "chunk-collection/superseded",
      "log/beside-writes",
    ],
  },
  {
    name: "an engine that sorts keys by signed bytes",
    adapter: sortsSigned,
    fails: [
      "data/shape-event",
      "order/unsigned-bytes",
      "order/last-byte-decides",
      "order/two-hundred-keys",
      "order/by-bytes-not-text",
      "ids/neighbours-of-ff",
      "delete/range-open-ends",
      "chunks/every-size",
      "chunks/many-buckets",
      "chunk-clients/streams",
    ],
  },
];

test.each(BROKEN)("$name fails in what it deserves", async ({ name, adapter, fails }) => {
  const report = await judge(name, (env) => engineDoor(adapter(), env));
  expect(failedIds(report)).toEqual(fails);
});
