// Goal: the rows asked of the engine follow the sizes seen, over pages, traversals and namespaces (PAGE-6).
import { describe, expect, test } from "vitest";
import { PLAIN_CLIENT } from "../../src/model/capabilities.ts";
import { matchAll } from "../../src/model/predicate.ts";
import type { GetItemsRequest } from "../../src/model/request.ts";
import type { RangeRead } from "../../src/ports/storage-engine.ts";
import { ServerStats } from "../../src/service/namespace-stats.ts";
import { type FakeEngine, fakeEngine } from "../fakes/fake-engine.ts";
import { type ListedRow, listedRowsEngine } from "./listed-rows-engine.ts";
import { serviceStage, type ServiceStage } from "./service-stage.ts";

const BUDGET = 10_000;

/** A server over an engine that pages by rows, with 4,000 rows of so many bytes, key and value together. */
function stage(
  bytesOf: (row: number) => number,
  state: ListedRow["state"] = "live",
): {
  readonly server: ServiceStage;
  readonly engine: FakeEngine;
} {
  const list = Array.from({ length: 4_000 }, (_, i) => ({
    key: Uint8Array.of(i >> 8, i & 0xff),
    value: new Uint8Array(bytesOf(i) - 2),
    state,
  }));
  const manner = { strides: [10_000], countsHidden: true, keysPerReadMax: 100 };
  const listed = listedRowsEngine(list, manner);
  const engine = fakeEngine({
    capabilities: { pagesByBytes: false },
    readRange: listed.readRange,
  });
  return { server: serviceStage(engine), engine };
}

type Reads = { readonly rows: readonly number[]; readonly token: Uint8Array | undefined };

/** The row limits of one page's reads. */
async function pageOf(
  { server, engine }: ReturnType<typeof stage>,
  pageToken?: Uint8Array,
  namespace = "users",
): Promise<Reads> {
  const before = engine.calls.length;
  const request: GetItemsRequest = {
    kind: "get_items",
    capabilities: PLAIN_CLIENT,
    namespace,
    id: "r",
    predicate: matchAll,
    selection: { pageSizeBytes: BUDGET },
    pageToken,
  };
  const { nextPageToken } = await server.handle(request, server.call());
  const reads = engine.calls.slice(before) as unknown as { readonly read: RangeRead }[];
  return { rows: reads.map(({ read }) => read.rowLimit), token: nextPageToken };
}

describe("rows asked for", () => {
  test("a page of a new namespace begins small and is right within the page", async () => {
    const { rows } = await pageOf(stage(() => 100));
    expect(rows).toEqual([10, 95]);
  });

  test("first pages of other traversals use what the namespace showed; other namespaces do not", async () => {
    const work = stage(() => 100);
    await pageOf(work);
    expect((await pageOf(work)).rows).toEqual([106]);
    expect((await pageOf(work, undefined, "orders")).rows[0]).toBe(10);
  });

  test("later pages use the traversal's own average", async () => {
    // The first rows are small, and so is what the namespace remembers once many traversals began.
    const work = stage((row) => (row < 200 ? 50 : 1_000));
    for (let i = 0; i < 30; i += 1) await pageOf(work);
    let { token } = await pageOf(work);
    for (let i = 0; i < 6; i += 1) ({ token } = await pageOf(work, token));
    const { rows } = await pageOf(work, token);
    expect(rows.length).toBe(1);
    expect(rows[0]).toBeLessThan(16);
    // The same from a server that has just started.
    const fresh = { ...work, server: serviceStage(work.engine) };
    expect((await pageOf(fresh, token)).rows[0]).toBe(rows[0]);
  });

  test("a run of dead rows is passed in reads that grow", async () => {
    const { rows } = await pageOf(stage(() => 100, "expired"));
    expect(rows).toEqual([10, 20, 40, 80, 160, 320, 640, 730]);
  });
});

test("a server remembers a bounded number of namespaces", () => {
  const stats = new ServerStats();
  const first = stats.of("first");
  expect(stats.of("first")).toBe(first);
  for (let i = 0; i < 1_000; i += 1) stats.of(`later ${i}`);
  expect(stats.of("first")).not.toBe(first);
});
