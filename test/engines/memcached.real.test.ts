/** memcached itself, at `KVDAL_MEMCACHED`: the checks of every cache, and expiry by the server's own clock. */
import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memcached } from "../../src/engines/memcached/adapter.ts";
import { utf8 } from "../../src/model/bytes.ts";
import { MINUTE, SECOND } from "../../src/model/time.ts";
import type { CacheEngine } from "../../src/ports/cache-engine.ts";
import { systemEnv } from "../../src/system/env.ts";
import { runNative } from "../../src/system/native.ts";
import { lookUp, testCache, within } from "./cache-cases.ts";

const endpoint = process.env["KVDAL_MEMCACHED"] ?? "";

describe.skipIf(endpoint === "")("memcached, as a cache", () => {
  testCache(memcached({ endpoint }));
});

describe.skipIf(endpoint === "")("memcached, by its own clock", () => {
  let cache: CacheEngine;
  beforeAll(async () => {
    cache = await memcached({ endpoint }).open({ env: systemEnv(), native: runNative });
  });
  afterAll(async () => {
    await cache.close();
  });

  test("an entry is gone at most a second after its time, and there until a second before", async () => {
    const key = utf8(randomUUID());
    const brief = utf8(randomUUID());
    const start = performance.now();
    await cache.set(key, utf8("v"), 2 * SECOND, within());
    await cache.set(brief, utf8("v"), 1, within());
    await wait(900 - (performance.now() - start));
    expect(await lookUp(cache, key)).toBe("v");
    // The server's clock ticks once a second, give or take its timer.
    await wait(1300 - (performance.now() - start));
    expect(await lookUp(cache, brief)).toBeUndefined();
    await wait(3200 - (performance.now() - start));
    expect(await lookUp(cache, key)).toBeUndefined();
  });

  test("an add finds an entry's place free once it has ended", async () => {
    const key = utf8(randomUUID());
    await cache.set(key, utf8("v"), 1, within());
    await wait(1300);
    expect(await cache.add(key, utf8("w"), MINUTE, within())).toEqual({ kind: "stored" });
    expect(await lookUp(cache, key)).toBe("w");
  });
});
