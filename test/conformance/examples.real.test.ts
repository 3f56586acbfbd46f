/**
 * Goal: the example applications do on a real Cassandra, named by KVDAL_CASSANDRA, with a memcached in front what they do
 * in memory, and memcached answers for it. The memcached is their own: applications choose no names for their tests.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RealEngine } from "../../conformance/backends/backend.ts";
import { openEngine } from "../../conformance/backends/real-engines.ts";
import { storageByName } from "../../src/cli/engine-by-name.ts";
import type { NamedStorage } from "../../src/cli/named-engine.ts";
import { memcached } from "../../src/engines/memcached/adapter.ts";
import { systemEnv } from "../../src/system/env.ts";
import { hmacSha256 } from "../../src/system/hmac.ts";
import { recordedTelemetry } from "../../src/system/recorded-telemetry.ts";
import { type RunsOn, useProfiles, useSessions } from "./examples-in-use.ts";

const hasCassandra = (process.env["KVDAL_CASSANDRA"] ?? "") !== "";
const cache = hasCassandra ? await openEngine("memcached", { shared: false }) : undefined;
const isHere = cache?.available === true;
const reason = cache?.available === false ? cache.why : "KVDAL_CASSANDRA is not set";

describe.skipIf(!isHere)(
  `on cassandra and memcached${isHere ? "" : ` (skipped: ${reason})`}`,
  () => {
    let storage: NamedStorage;
    const telemetry = recordedTelemetry();

    beforeAll(async () => {
      storage = await storageByName("cassandra");
    });
    afterAll(async () => {
      await storage.stop();
      await (cache as RealEngine).release();
    });

    const on = (): RunsOn => ({
      engine: storage.adapter,
      cache: memcached({ endpoint: (cache as RealEngine).endpoint().address }),
      env: systemEnv(telemetry),
      mac: hmacSha256(new Uint8Array(16)),
    });

    test("user profiles", () => useProfiles(on()));
    test("a session registry", () => useSessions(on()));
    test("memcached has answered", async () => {
      // A cache that is late on a busy machine is left alone for a while.
      for (let again = 0; again < 10 && telemetry.counter("cache_hits") === 0; again += 1) {
        await useProfiles(on());
      }
      expect(telemetry.counter("cache_fills")).toBeGreaterThan(0);
      expect(telemetry.counter("cache_hits")).toBeGreaterThan(0);
    });
  },
);
