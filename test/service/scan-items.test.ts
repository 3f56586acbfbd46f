// Goal: pages of a scan end where they must and go on from there, and an engine that stands still is found out.
import { describe, expect, test } from "vitest";
import { EMPTY_BYTES, utf8 } from "../../src/model/bytes.ts";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import type { ScanItemsRequest, ScanItemsResponse } from "../../src/model/request.ts";
import { MILLISECOND } from "../../src/model/time.ts";
import type { ScanPage, ScanRead, StorageEngine } from "../../src/ports/storage-engine.ts";
import { rejectionOf } from "../fakes/error-of.ts";
import { fakeEngine } from "../fakes/fake-engine.ts";
import { steppedEnv, WALL_BEGIN } from "../fakes/stepped-env.ts";
import { type ServiceStage, serviceStage } from "./service-stage.ts";

const SCAN: ScanItemsRequest = {
  kind: "scan_items",
  namespace: "users",
  capabilities: PLAIN_CLIENT,
  segment: { index: 0, of: 1 },
  selection: {},
};

const entry = (id: string, key: string, expiry = 0): ScanPage["entries"][number] => ({
  id,
  row: {
    key: utf8(key),
    value: utf8("0123456789"),
    metadata: EMPTY_BYTES,
    version: { time: 7, rank: expiry === 0 ? 0 : 1, expiry, nonce: new Uint8Array(16) },
  },
});

/** An engine whose scans answer as told, and what they were asked. */
function scanning(scan: (read: ScanRead) => ScanPage): {
  engine: StorageEngine;
  reads: ScanRead[];
} {
  const reads: ScanRead[] = [];
  const engine: StorageEngine = {
    ...fakeEngine({ capabilities: { pagesByBytes: false, scanSegmentsMax: 8 } }),
    scan: async (read) => {
      reads.push(read);
      return scan(read);
    },
  };
  return { engine, reads };
}

const askOf =
  ({ handle, call }: ServiceStage) =>
  (changes: Partial<ScanItemsRequest> = {}): Promise<ScanItemsResponse> =>
    handle({ ...SCAN, ...changes }, call());

const THREE: ScanPage = {
  entries: [entry("a", "1"), entry("a", "2"), entry("b", "1")],
  rowsExamined: 5,
  cursor: undefined,
};

describe("scanItems()", () => {
  test("goes on after the last row that fitted", async () => {
    const { engine, reads } = scanning(() => THREE);
    const ask = askOf(serviceStage(engine));
    const first = await ask({ selection: { pageSizeBytes: 25 } });
    expect(first.items.map(({ id, key }) => [id, key])).toEqual([
      ["a", utf8("1")],
      ["a", utf8("2")],
    ]);
    await ask({ pageToken: first.nextPageToken }).catch(() => undefined);
    expect(reads.at(-1)?.after).toEqual({ id: "a", key: utf8("2") });
    expect(reads.at(-1)?.cursor).toBeUndefined();
  });

  test("goes on with the engine's cursor where nothing was left over", async () => {
    const cursor = Uint8Array.of(9, 8);
    const { engine, reads } = scanning((read) =>
      read.cursor === undefined && read.after === undefined
        ? { entries: [], rowsExamined: 5, cursor }
        : { entries: [], rowsExamined: 0, cursor: undefined },
    );
    const stage = serviceStage(engine, { rowsPerCallMax: 5 });
    const ask = askOf(stage);
    const first = await ask();
    expect(first.items).toEqual([]);
    const last = await ask({ pageToken: first.nextPageToken });
    expect(reads.at(-1)?.cursor).toEqual(cursor);
    expect(last.nextPageToken).toBeUndefined();
    expect(stage.env.telemetry.counter("rows_scanned")).toBe(5);
  });

  test("counts ids in a page's bytes, so that pages of keys alone end", async () => {
    const { engine } = scanning(() => ({
      ...THREE,
      entries: [entry("aaaa", ""), entry("bbbb", "")],
    }));
    const ask = askOf(serviceStage(engine));
    const { items } = await ask({ selection: { pageSizeBytes: 7, include: "keys" } });
    expect(items.map(({ id, value }) => [id, value.length])).toEqual([["aaaa", 10]]);
  });

  test("hides what expired by the server's clock", async () => {
    const { engine } = scanning(() => ({
      ...THREE,
      entries: [entry("a", "1", WALL_BEGIN), entry("b", "1", WALL_BEGIN + 1)],
    }));
    const { items } = await askOf(serviceStage(engine))();
    expect(items.map(({ id }) => id)).toEqual(["b"]);
  });

  test("calls an engine that stands still INTERNAL", async () => {
    const cursor = Uint8Array.of(1);
    const standing = scanning(() => ({ entries: [], rowsExamined: 5, cursor }));
    const ask = askOf(serviceStage(standing.engine, { rowsPerCallMax: 5 }));
    const { nextPageToken } = await ask();
    expect((await rejectionOf(ask({ pageToken: nextPageToken })))?.code).toBe("INTERNAL");
  });

  test("calls an engine that gives the last row again INTERNAL", async () => {
    const again = scanning(() => ({ ...THREE, entries: THREE.entries.slice(0, 2) }));
    const ask = askOf(serviceStage(again.engine));
    const { nextPageToken } = await ask({ selection: { pageSizeBytes: 12 } });
    expect((await rejectionOf(ask({ pageToken: nextPageToken })))?.code).toBe("INTERNAL");
  });

  test("refuses segments that the engine does not split a table into", async () => {
    const ask = askOf(serviceStage(scanning(() => THREE).engine));
    await ask({ segment: { index: 7, of: 8 } });
    const refused = await rejectionOf(ask({ segment: { index: 0, of: 9 } }));
    expect(refused?.code).toBe("INVALID_ARGUMENT");
    expect(refused?.message).toContain("wanted a whole number from 1 to 8");
  });

  test("returns early what it has when the next read would be too late, though reads have a shorter time", async () => {
    const env = steppedEnv();
    let id = 0;
    const { engine } = scanning(() => {
      env.stall(40 * MILLISECOND);
      id += 1;
      return { entries: [entry(`id ${id}`, "k")], rowsExamined: 1, cursor: Uint8Array.of(id) };
    });
    const read = { target: MILLISECOND, max: 2 * MILLISECOND };
    const { handle, call } = serviceStage(engine, { slo: { read } }, env);
    const { items, server, nextPageToken } = await handle(
      SCAN,
      call({ deadline: env.clock.monotonic() + 100 * MILLISECOND }),
    );
    expect(items.length).toBe(2);
    expect(nextPageToken).toBeDefined();
    expect(env.telemetry.counter("pages_cut_early")).toBe(1);
    expect(server.utilization.latency).toEqual({ overTarget: 0, overMax: 0 });
  });
});
