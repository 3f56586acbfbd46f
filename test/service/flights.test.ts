// Goal: reads that are shared bring each caller bytes of its own (CACHE-5).
import { expect, test } from "vitest";
import { utf8 } from "../../src/model/bytes.ts";
import { putVersion } from "../../src/model/version.ts";
import { SECOND } from "../../src/model/time.ts";
import type { RowsPage } from "../../src/ports/storage-engine.ts";
import { neverAborted } from "../../src/ports/never-aborted.ts";
import { Flights } from "../../src/service/flights.ts";
import { steppedEnv } from "../fakes/stepped-env.ts";
import { tokenAt } from "./service-stage.ts";

test("who writes to what a shared read brought changes nobody else's", async () => {
  const env = steppedEnv();
  const flights = new Flights(env);
  const { promise, resolve } = Promise.withResolvers<RowsPage>();
  const call = { deadline: env.clock.monotonic() + SECOND, signal: neverAborted };
  const reads = [1, 2, 3].map(() => flights.read("one", call, () => promise));
  const row = {
    key: utf8("key"),
    value: utf8("value"),
    metadata: utf8("metadata"),
    version: putVersion(tokenAt(), 0),
  };
  resolve({ rows: [row], rowsExamined: 1, resumeAfter: undefined });
  const pages = (await Promise.all(reads)).map(({ page }) => page);
  expect(env.telemetry.counter("cache_reads_shared")).toBe(2);
  const expected = structuredClone(pages[2]);
  for (const { rows } of pages.slice(0, 2)) {
    const [own] = rows;
    for (const bytes of [own?.key, own?.value, own?.metadata, own?.version.nonce]) bytes?.fill(0);
  }
  expect(pages[2]).toEqual(expected);
});
