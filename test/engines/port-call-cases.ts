/** How calls behave: SLO-1, SLO-3, ownership of bytes, PUT-5, DEL-5, declared values, closing, at the port. */
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { HOUR, SECOND } from "../../src/model/time.ts";
import type { EngineCall, SweepOutcome } from "../../src/ports/storage-engine.ts";
import type { PortCase } from "./port-cases.ts";
import {
  arrive,
  bytes,
  del,
  deleteKey,
  deleteRange,
  deleteRecord,
  expectFailure,
  type PortStage,
  put,
  putOf,
  readAll,
  readKeys,
  RETENTION,
  text,
  values,
  write,
} from "./port-stage.ts";

/** Every verb, once, under a call that must not get through. */
function everyVerb(stage: PortStage, call: EngineCall): readonly Promise<unknown>[] {
  const { engine } = stage;
  const record = stage.record();
  const { table } = record;
  const row = { key: bytes("k"), value: bytes("v"), metadata: bytes("m"), version: put(stage.now) };
  const page = { rowLimit: 10, byteLimit: 1000, projection: "rows" } as const;
  return [
    engine.provision({ table: "t_refused", retention: RETENTION }, call),
    engine.write(record, [{ kind: "put", row }], call),
    engine.readKeys({ ...record, keys: [bytes("k")], projection: "rows" }, call),
    engine.readRange({ ...record, range: {}, reverse: false, ...page }, call),
    engine.scan({ table, segment: { index: 0, of: 1 }, cursor: undefined, ...page }, call),
    engine.sweep({ table, cursor: undefined, rowLimit: 10, retention: RETENTION }, call),
    ...(engine.capabilities.putIfAbsent ? [engine.putIfAbsent(record, row, call)] : []),
  ];
}

async function sweepAll(
  stage: PortStage,
  table: string,
  now: number,
  rowLimit: number,
): Promise<number> {
  let removed = 0;
  let cursor: Uint8Array | undefined;
  do {
    const step: SweepOutcome = await stage.engine.sweep(
      { table, cursor, rowLimit, retention: RETENTION },
      stage.call({ now }),
    );
    removed += step.rowsRemoved;
    cursor = step.cursor;
  } while (cursor !== undefined);
  return removed;
}

async function putIfAbsent(
  stage: PortStage,
  record: ReturnType<PortStage["record"]>,
  value: string,
  version: ReturnType<typeof put>,
  call: EngineCall = stage.call(),
): Promise<string> {
  const row = { key: bytes("k"), value: bytes(value), metadata: bytes(`m:${value}`), version };
  return (await stage.engine.putIfAbsent(record, row, call)).kind;
}

const refusals: readonly PortCase[] = [
  {
    name: "a passed deadline starts no native call",
    run: async (stage) => {
      const before = stage.nativeCalls();
      for (const verb of everyVerb(stage, stage.call({ deadline: 0 }))) {
        const error = await expectFailure(verb, "DEADLINE_EXCEEDED");
        expect(error.applied).toBe("no");
      }
      expect(stage.nativeCalls()).toBe(before);
    },
  },
  {
    name: "an aborted call starts no native call",
    run: async (stage) => {
      const before = stage.nativeCalls();
      for (const verb of everyVerb(stage, stage.call({ signal: AbortSignal.abort() }))) {
        const error = await expectFailure(verb, "CANCELLED");
        expect(error.applied).toBe("no");
      }
      expect(stage.nativeCalls()).toBe(before);
    },
  },
  {
    name: "making a table again, at once and by several, is success",
    run: async (stage) => {
      const table = `t_${randomUUID().replaceAll("-", "")}`;
      const make = async (): Promise<void> =>
        await stage.engine.provision({ table, retention: RETENTION }, stage.call());
      await Promise.all([make(), make(), make()]);
      const record = { table, id: "r" };
      await arrive(stage, record, putOf("k", "v", put(stage.now)));
      await make();
      expect(await values(stage, record)).toEqual(["v"]);
    },
  },
];

const ownership: readonly PortCase[] = [
  {
    name: "bytes are copied in and out",
    run: async (stage) => {
      const record = stage.record();
      const wide = new Uint8Array(64).fill(7);
      const key = wide.subarray(3, 6);
      const value = wide.subarray(10, 20);
      const metadata = wide.subarray(30, 34);
      const version = put(stage.now);
      await write(stage, record, [{ kind: "put", row: { key, value, metadata, version } }]);
      wide.fill(8);
      version.nonce.fill(8);
      const wanted = {
        key: new Uint8Array(3).fill(7),
        value: new Uint8Array(10).fill(7),
        metadata: new Uint8Array(4).fill(7),
        version: put(stage.now),
      };
      for (let i = 0; i < 2; i += 1) {
        const rows = await readAll(stage, record);
        const byKey = await readKeys(stage, record, [wanted.key]);
        for (const row of [...rows, ...byKey]) {
          expect(row).toEqual(wanted);
          for (const part of [row.key, row.value, row.metadata, row.version.nonce]) part.fill(9);
        }
      }
    },
  },
  {
    name: "a value of the largest inline size with the largest metadata and key is taken",
    run: async (stage) => {
      const record = { table: stage.table, id: "i".repeat(986) + randomUUID().slice(0, 36) };
      const size = Math.min(stage.engine.capabilities.inlineBytesMax, 1 << 20);
      const row = {
        key: new Uint8Array(1000).fill(0xff),
        value: new Uint8Array(size).fill(1),
        metadata: new Uint8Array(64 * 1024).fill(2),
        version: put(stage.now, 1, stage.now + HOUR),
      };
      await write(stage, record, [{ kind: "put", row }]);
      const [found] = await readAll(stage, record);
      expect(found?.value.length).toBe(size);
      expect(found?.metadata.length).toBe(64 * 1024);
    },
  },
];

const conditional: readonly PortCase[] = [
  {
    name: "putIfAbsent inserts where nothing lives, and repeats as inserted; or is refused as declared",
    run: async (stage) => {
      const record = stage.record();
      if (!stage.engine.capabilities.putIfAbsent) {
        await expectFailure(putIfAbsent(stage, record, "a", put(stage.now)), "UNSUPPORTED");
        return;
      }
      expect(await putIfAbsent(stage, record, "a", put(stage.now))).toBe("inserted");
      expect(await putIfAbsent(stage, record, "a", put(stage.now))).toBe("inserted");
      expect(await putIfAbsent(stage, record, "b", put(stage.now + 1))).toBe("present");
      expect(await values(stage, record)).toEqual(["a"]);
    },
  },
  {
    name: "putIfAbsent takes expired and deleted rows for absent, newer deletions for present",
    run: async (stage) => {
      if (!stage.engine.capabilities.putIfAbsent) return;
      const { now } = stage;
      const expired = stage.record();
      await arrive(stage, expired, putOf("k", "x", put(now, 1, now + SECOND)));
      expect(await putIfAbsent(stage, expired, "b", put(now + 1))).toBe("present");
      const later = stage.call({ now: now + SECOND });
      expect(await putIfAbsent(stage, expired, "c", put(now + 1), later)).toBe("inserted");
      expect(await values(stage, expired)).toEqual(["c"]);
      for (const gone of [
        deleteKey("k", del(now)),
        deleteRange({}, del(now)),
        deleteRecord(del(now)),
      ]) {
        const record = stage.record();
        await arrive(stage, record, putOf("k", "x", put(now - 1)), gone);
        expect(await putIfAbsent(stage, record, "late", put(now))).toBe("present");
        expect(await values(stage, record)).toEqual([]);
        expect(await putIfAbsent(stage, record, "new", put(now + 1))).toBe("inserted");
        expect(await values(stage, record)).toEqual(["new"]);
      }
    },
  },
  {
    name: "of many putIfAbsent at once exactly one inserts",
    run: async (stage) => {
      if (!stage.engine.capabilities.putIfAbsent) return;
      const record = stage.record();
      const kinds = await Promise.all(
        Array.from({ length: 12 }, async (_, i) =>
          putIfAbsent(stage, record, `v${i}`, put(stage.now, i)),
        ),
      );
      const winner = kinds.indexOf("inserted");
      expect(kinds.filter((kind) => kind === "inserted")).toHaveLength(1);
      expect(await values(stage, record)).toEqual([`v${winner}`]);
    },
  },
];

const cleanUp: readonly PortCase[] = [
  {
    name: "a sweep removes nothing that still shows, or that still has to hide something",
    run: async (stage) => {
      const table = await stage.freshTable();
      const { now } = stage;
      const record = { table, id: "r" };
      await arrive(
        stage,
        record,
        putOf("alive", "alive", put(now)),
        putOf("expiring", "expiring", put(now, 1, now + HOUR)),
        putOf("marked", "marked", put(now - 1)),
        deleteKey("marked", del(now)),
        deleteRange({ start: bytes("x"), end: bytes("y") }, del(now)),
      );
      // Expired, but younger than the retention: it must go on hiding what is older.
      const soon = now + 2 * HOUR;
      for (const rowLimit of [1, 2, 100]) await sweepAll(stage, table, soon, rowLimit);
      await arrive(
        stage,
        record,
        putOf("expiring", "older", put(now - 1)),
        putOf("marked", "older", put(now - 1)),
        putOf("x", "older", put(now - 1)),
      );
      const call = stage.call({ now: soon });
      const found = (await readAll(stage, record, {}, call)).map((row) => text(row.value));
      expect(found).toEqual(["alive"]);
    },
  },
  {
    name: "a sweep never wakes what a deletion hides, wherever it is cut",
    run: async (stage) => {
      const { now } = stage;
      for (const rowLimit of [1, 3, 100]) {
        const table = await stage.freshTable();
        const record = { table, id: "r" };
        const all = Array.from({ length: 12 }, (_, i) => String(100 + i));
        await write(
          stage,
          record,
          all.map((key) => putOf(key, key, put(now))),
        );
        await write(stage, record, [deleteRecord(del(now + 1))]);
        await write(stage, record, [putOf("105", "new", put(now + 2))]);
        const late = now + RETENTION + HOUR;
        let cursor: Uint8Array | undefined;
        do {
          const step: SweepOutcome = await stage.engine.sweep(
            { table, cursor, rowLimit, retention: RETENTION },
            stage.call({ now: late }),
          );
          cursor = step.cursor;
          const seen = await readAll(stage, record, {}, stage.call({ now: late }));
          expect(seen.map((row) => text(row.value))).toEqual(["new"]);
        } while (cursor !== undefined);
      }
    },
  },
  {
    name: "a sweep after the retention removes what is dead, where removal is by sweep",
    run: async (stage) => {
      if (stage.engine.capabilities.ttl.removal !== "sweep") return;
      const table = await stage.freshTable();
      const { now } = stage;
      const record = { table, id: "r" };
      await arrive(
        stage,
        record,
        putOf("alive", "alive", put(now)),
        putOf("expiring", "expiring", put(now, 1, now + HOUR)),
        deleteKey("marked", del(now)),
      );
      const late = now + RETENTION + 2 * HOUR;
      expect(await sweepAll(stage, table, late, 100)).toBeGreaterThanOrEqual(2);
      expect(await sweepAll(stage, table, late, 100)).toBe(0);
      expect(await values(stage, record)).toEqual(["alive"]);
    },
  },
];

export const callCases: readonly PortCase[] = [
  ...refusals,
  ...ownership,
  ...conditional,
  ...cleanUp,
];
