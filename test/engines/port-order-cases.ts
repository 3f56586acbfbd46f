/** Which write wins: TOK-4, TOK-5, TOK-6, DEL-1, DEL-2, DEL-4, DEL-6, PUT-4, at the port. */
import { expect } from "vitest";
import { EMPTY_BYTES, successor } from "../../src/model/bytes.ts";
import { KEY_BYTES_MAX } from "../../src/model/limits.ts";
import { HOUR, SECOND } from "../../src/model/time.ts";
import type { Mutation } from "../../src/ports/storage-engine.ts";
import type { PortCase } from "./port-cases.ts";
import {
  arrive,
  bytes,
  del,
  deleteKey,
  deleteRange,
  deleteRecord,
  expectOutcome,
  type PortStage,
  put,
  putOf,
  readKeys,
  text,
  values,
  write,
} from "./port-stage.ts";

/** Two writes to key "k"; the second must win, in both orders of arrival. `undefined`: nothing is visible then. */
type Duel = {
  readonly name: string;
  readonly writes: (now: number) => readonly [loser: Mutation, winner: Mutation];
  readonly left: string | undefined;
};

const DUELS: readonly Duel[] = [
  {
    name: "a later time",
    writes: (now) => [putOf("k", "old", put(now, 9)), putOf("k", "new", put(now + 1, 1))],
    left: "new",
  },
  {
    name: "at one time, an expiring put against a plain one",
    writes: (now) => [
      putOf("k", "plain", put(now, 9)),
      putOf("k", "expiring", put(now, 1, now + HOUR)),
    ],
    left: "expiring",
  },
  {
    name: "at one time, the later expiry, whatever the nonces",
    writes: (now) => [
      putOf("k", "sooner", put(now, 9, now + HOUR)),
      putOf("k", "later", put(now, 1, now + 2 * HOUR)),
    ],
    left: "later",
  },
  {
    name: "at one time, the higher nonce, whatever the value",
    writes: (now) => [putOf("k", "zzz", put(now, 0x7f)), putOf("k", "aaa", put(now, 0x80))],
    left: "aaa",
  },
  {
    name: "at one time and one expiry, the higher nonce",
    writes: (now) => [
      putOf("k", "zzz", put(now, 1, now + HOUR)),
      putOf("k", "aaa", put(now, 2, now + HOUR)),
    ],
    left: "aaa",
  },
  {
    name: "a plain put a microsecond after an expiring one",
    writes: (now) => [putOf("k", "a", put(now, 9, now + HOUR)), putOf("k", "b", put(now + 1, 1))],
    left: "b",
  },
  {
    name: "a put a microsecond after a deletion",
    writes: (now) => [deleteKey("k", del(now, 9)), putOf("k", "b", put(now + 1, 1))],
    left: "b",
  },
  {
    name: "a put a microsecond after a range deletion",
    writes: (now) => [deleteRange({}, del(now, 9)), putOf("k", "b", put(now + 1, 1))],
    left: "b",
  },
  {
    name: "a put a microsecond after a record deletion",
    writes: (now) => [deleteRecord(del(now, 9)), putOf("k", "b", put(now + 1, 1))],
    left: "b",
  },
  {
    name: "at one time, a deletion of the key against a put",
    writes: (now) => [putOf("k", "a", put(now, 9)), deleteKey("k", del(now, 1))],
    left: undefined,
  },
  {
    name: "at one time, a deletion of the key against an expiring put",
    writes: (now) => [putOf("k", "a", put(now, 9, now + HOUR)), deleteKey("k", del(now, 1))],
    left: undefined,
  },
  {
    name: "at one time, a deletion of a range against an expiring put",
    writes: (now) => [
      putOf("k", "a", put(now, 9, now + HOUR)),
      deleteRange({ start: bytes("k"), end: bytes("l") }, del(now, 1)),
    ],
    left: undefined,
  },
  {
    name: "at one time, a deletion of the record against a put",
    writes: (now) => [putOf("k", "a", put(now, 9)), deleteRecord(del(now, 1))],
    left: undefined,
  },
  {
    name: "a later deletion of the key",
    writes: (now) => [putOf("k", "a", put(now, 9)), deleteKey("k", del(now + 1, 1))],
    left: undefined,
  },
  {
    name: "a later deletion of a range",
    writes: (now) => [putOf("k", "a", put(now, 9)), deleteRange({}, del(now + 1, 1))],
    left: undefined,
  },
  {
    name: "a later deletion of the record",
    writes: (now) => [putOf("k", "a", put(now, 9)), deleteRecord(del(now + 1, 1))],
    left: undefined,
  },
];

async function expectKey(
  stage: PortStage,
  record: ReturnType<PortStage["record"]>,
  left: string | undefined,
): Promise<void> {
  const found = await readKeys(stage, record, ["k"]);
  expect(found.map((row) => text(row.value))).toEqual(left === undefined ? [] : [left]);
  expect(found.map((row) => text(row.metadata))).toEqual(left === undefined ? [] : [`m:${left}`]);
  expect(await values(stage, record)).toEqual(left === undefined ? [] : [left]);
}

const duels: readonly PortCase[] = DUELS.flatMap((duel) => [
  {
    name: `the winner arrives last: ${duel.name}`,
    run: async (stage: PortStage): Promise<void> => {
      const record = stage.record();
      const outcomes = await arrive(stage, record, ...duel.writes(stage.now));
      for (const outcome of outcomes) expectOutcome(stage, outcome, "applied");
      await expectKey(stage, record, duel.left);
    },
  },
  {
    name: `the winner arrives first: ${duel.name}`,
    run: async (stage: PortStage): Promise<void> => {
      const record = stage.record();
      const [loser, winner] = duel.writes(stage.now);
      const outcomes = await arrive(stage, record, winner, loser);
      expectOutcome(stage, outcomes[0], "applied");
      // An older record or range deletion is in effect for other keys, whatever becomes of this one.
      if (loser.kind === "put") expectOutcome(stage, outcomes[1], "superseded");
      await expectKey(stage, record, duel.left);
    },
  },
]);

const others: readonly PortCase[] = [
  {
    name: "a repeat is applied and changes nothing, also after a newer write",
    run: async (stage) => {
      const record = stage.record();
      const first = putOf("k", "first", put(stage.now));
      const second = putOf("k", "second", put(stage.now + 5));
      const outcomes = await arrive(stage, record, first, first, second, first, second);
      expectOutcome(stage, outcomes[1], "applied");
      expectOutcome(stage, outcomes[3], "superseded");
      expectOutcome(stage, outcomes[4], "applied");
      await expectKey(stage, record, "second");
    },
  },
  {
    name: "a repeated deletion is applied",
    run: async (stage) => {
      const record = stage.record();
      const gone = deleteKey("k", del(stage.now));
      const outcomes = await arrive(stage, record, gone, gone);
      for (const outcome of outcomes) expectOutcome(stage, outcome, "applied");
    },
  },
  {
    name: "deletions hide late older puts to keys that never were",
    run: async (stage) => {
      const record = stage.record();
      await arrive(
        stage,
        record,
        deleteRange({ start: bytes("b"), end: bytes("d") }, del(stage.now)),
        putOf("a", "a", put(stage.now - 1)),
        putOf("b", "b", put(stage.now - 1)),
        putOf("c", "c", put(stage.now + 1)),
        putOf("d", "d", put(stage.now - 1)),
      );
      expect(await values(stage, record)).toEqual(["a", "c", "d"]);
      await arrive(
        stage,
        record,
        deleteRecord(del(stage.now)),
        putOf("e", "e", put(stage.now - 1)),
      );
      expect(await values(stage, record)).toEqual(["c"]);
    },
  },
  {
    name: "a deletion may begin after the longest key there can be",
    run: async (stage) => {
      const record = stage.record();
      const longest = new Uint8Array(KEY_BYTES_MAX).fill(0x37);
      const version = put(stage.now);
      const row = { key: longest, value: bytes("stays"), metadata: EMPTY_BYTES, version };
      await arrive(stage, record, putOf("8", "gone", version), { kind: "put", row });
      await arrive(stage, record, deleteRange({ start: successor(longest) }, del(stage.now + 1)));
      expect(await values(stage, record)).toEqual(["stays"]);
    },
  },
  {
    name: "an older deletion of the record leaves newer rows alone",
    run: async (stage) => {
      const record = stage.record();
      await arrive(
        stage,
        record,
        putOf("a", "old", put(stage.now)),
        putOf("b", "new", put(stage.now + 10)),
        deleteRecord(del(stage.now + 5)),
        deleteRecord(del(stage.now + 3)),
      );
      expect(await values(stage, record)).toEqual(["new"]);
    },
  },
  {
    name: "a deletion of the record spares the neighbours",
    run: async (stage) => {
      const record = stage.record();
      const neighbours = ["\0", "a", " "].map((end) => ({ ...record, id: record.id + end }));
      for (const each of neighbours) await arrive(stage, each, putOf("k", "v", put(stage.now)));
      await arrive(stage, record, deleteRecord(del(stage.now + 1)));
      for (const each of neighbours) expect(await values(stage, each)).toEqual(["v"]);
    },
  },
  {
    name: "a put clears an earlier expiry, and an earlier deletion",
    run: async (stage) => {
      const record = stage.record();
      await arrive(
        stage,
        record,
        putOf("k", "short", put(stage.now, 1, stage.now + HOUR)),
        deleteKey("k", del(stage.now + 1)),
        putOf("k", "long", put(stage.now + 2)),
      );
      const later = stage.call({ now: stage.now + 2 * HOUR });
      const found = await readKeys(stage, record, ["k"], later);
      expect(found.map((row) => [text(row.value), row.version.expiry])).toEqual([["long", 0]]);
    },
  },
  {
    name: "an expired put still hides an older one",
    run: async (stage) => {
      const record = stage.record();
      await arrive(
        stage,
        record,
        putOf("k", "expired", put(stage.now, 1, stage.now + 100 * SECOND)),
        putOf("k", "older", put(stage.now - 1)),
      );
      const later = stage.call({ now: stage.now + 100 * SECOND });
      expect(await readKeys(stage, record, ["k"], later)).toEqual([]);
      const before = stage.call({ now: stage.now + 100 * SECOND - 1 });
      expect(await readKeys(stage, record, ["k"], before)).toHaveLength(1);
    },
  },
  {
    name: "mutations of one call keep to their own versions, deletes before puts",
    run: async (stage) => {
      const record = stage.record();
      await arrive(stage, record, putOf("a", "old", put(stage.now)));
      await write(stage, record, [
        deleteRecord(del(stage.now + 1)),
        putOf("b", "b", put(stage.now + 2)),
        deleteRange({ start: bytes("c") }, del(stage.now + 3)),
        putOf("c", "c", put(stage.now + 2)),
        deleteKey("d", del(stage.now + 2)),
        putOf("e", "e", put(stage.now + 4)),
      ]);
      expect(await values(stage, record)).toEqual(["b", "e"]);
    },
  },
  {
    name: "many writers of one key and time never blend value and metadata",
    run: async (stage) => {
      for (const expiry of [0, stage.now + HOUR]) {
        const record = stage.record();
        const writers = Array.from({ length: 24 }, (_, i) =>
          // The values fall while the nonces rise: who compares values elects another one.
          putOf("k", `v${String(99 - i)}`, put(stage.now, i, expiry)),
        );
        await Promise.all(writers.map(async (writer) => await arrive(stage, record, writer)));
        await expectKey(stage, record, "v76");
      }
    },
  },
];

export const orderCases: readonly PortCase[] = [...duels, ...others];
