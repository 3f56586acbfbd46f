/** Statements, segments and cursors: what is sent is what was meant. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { decodeRowPlace, encodeRowPlace } from "../../../src/model/row-place.ts";
import { SCAN_SEGMENTS_MAX, segmentTokens } from "../../../src/engines/cassandra/scan.ts";
import {
  deleteRange,
  updateRow,
  selectKeys,
  selectRange,
  selectTokens,
} from "../../../src/engines/cassandra/statements.ts";
import { rowCells } from "../../../src/engines/cassandra/cells.ts";
import { createSession } from "../../../src/engines/cassandra/session.ts";
import { EMPTY_BYTES, fromHex } from "../../../src/model/bytes.ts";
import { neverAborted } from "../../../src/ports/never-aborted.ts";
import { systemEnv } from "../../../src/system/env.ts";
import { runNative } from "../../../src/system/native.ts";

const NAME = { keyspace: "ks", table: "select" };
const VERSION = { time: 5, rank: 1, expiry: 9, nonce: new Uint8Array(16) } as const;

describe("statements", () => {
  test("a put carries timestamp and, if any, TTL", () => {
    const cells = { ...rowCells(VERSION, EMPTY_BYTES, EMPTY_BYTES), version: VERSION };
    const plain = updateRow(NAME, "r", EMPTY_BYTES, { ...cells, ttlSeconds: undefined });
    expect(plain.query).toMatch(/^UPDATE "ks"\."select" USING TIMESTAMP \? SET /);
    expect(plain.params[0]).toBe(21n);
    const expiring = updateRow(NAME, "r", EMPTY_BYTES, { ...cells, ttlSeconds: 61 });
    expect(expiring.query).toMatch(/USING TIMESTAMP \? AND TTL \? SET /);
    expect(expiring.params.slice(0, 2)).toEqual([21n, 61]);
  });

  test.each([
    [{}, "id = ?", 0],
    [{ start: fromHex("00") }, "id = ? AND key >= ?", 1],
    [{ end: fromHex("00") }, "id = ? AND key < ?", 1],
    [{ start: fromHex("00"), end: fromHex("01") }, "id = ? AND key >= ? AND key < ?", 2],
  ])("a range %j is half-open", (range, where, bounds) => {
    const read = { reverse: true, limit: 7, projection: "keys" } as const;
    const select = selectRange(NAME, "r", range, read);
    expect(select.query).toBe(
      `SELECT key, value_metadata FROM "ks"."select" WHERE ${where} ORDER BY key DESC LIMIT ?`,
    );
    expect(select.params).toHaveLength(bounds + 2);
    const remove = deleteRange(NAME, "r", range, { ...VERSION, rank: 2 });
    expect(remove.query).toBe(`DELETE FROM "ks"."select" USING TIMESTAMP ? WHERE ${where}`);
    expect(remove.params.slice(0, 2)).toEqual([22n, "r"]);
  });

  test("keys and tokens are bound, never written into the text", () => {
    const keys = selectKeys(NAME, "r'", [fromHex("00")], "rows");
    expect(keys.query).toMatch(/WHERE id = \? AND key IN \? ORDER BY key ASC$/);
    expect(keys.params).toEqual(["r'", [Buffer.from([0])]]);
    const page = { limit: 3, projection: "rows" } as const;
    expect(selectTokens(NAME, 1n, 2n, page).query).toMatch(
      /token\(id\) > \? AND token\(id\) <= \? LIMIT \?$/,
    );
    expect(selectTokens(NAME, "r", 2n, page).query).toMatch(/token\(id\) > token\(\?\) AND/);
  });

  test("a value that is missing is refused before it is sent", async () => {
    const env = systemEnv();
    const client = { shutdown: async () => undefined } as never;
    const context = { env, native: runNative };
    const session = createSession(client, context, { timeoutMillisMin: 0, retry: {} as never });
    const call = {
      deadline: env.clock.monotonic() + 1_000_000,
      signal: neverAborted,
      consistency: "quorum",
      now: 0,
    } as const;
    const statement = { query: "INSERT", params: ["r", undefined as never] };
    await expect(session.mutate([statement], call)).rejects.toMatchObject({
      code: "INTERNAL",
      applied: "no",
    });
    await expect(session.select(statement, 1, call)).rejects.toMatchObject({ code: "INTERNAL" });
  });
});

describe("segmentTokens()", () => {
  test.prop([fc.integer({ min: 1, max: SCAN_SEGMENTS_MAX })])(
    "the segments cover all tokens, without gap or overlap",
    (of) => {
      let after = -(2n ** 63n);
      for (let index = 0; index < of; index += 1) {
        const segment = segmentTokens({ index, of });
        expect(segment.after).toBe(after);
        expect(segment.last > segment.after).toBe(true);
        after = segment.last;
      }
      expect(after).toBe(2n ** 63n - 1n);
    },
  );
});

describe("encodeRowPlace() and decodeRowPlace()", () => {
  test.prop([fc.string({ minLength: 1, unit: "grapheme" }), fc.uint8Array({ maxLength: 1000 })])(
    "give the position back",
    (id, key) => {
      expect(decodeRowPlace(encodeRowPlace({ id, key }))).toEqual({ id, key });
    },
  );

  test.each(["", "00", "0001", "ffff61", "0001ff"])("refuse %j", (text) => {
    expect(() => decodeRowPlace(fromHex(text))).toThrow(
      expect.objectContaining({ code: "INVALID_ARGUMENT" }) as Error,
    );
  });
});
