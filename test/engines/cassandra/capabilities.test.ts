/** What is declared of Cassandra, where it follows from an option. */
import { expect, test } from "vitest";
import { cassandra } from "../../../src/engines/cassandra/adapter.ts";
import { cassandraCapabilities } from "../../../src/engines/cassandra/capabilities.ts";
import { WRITE_BYTES_MAX } from "../../../src/engines/cassandra/write.ts";
import { systemEnv } from "../../../src/system/env.ts";
import { runNative } from "../../../src/system/native.ts";

test("without Cassandra's own expiry there are no gaps in the order, and sweep removes", () => {
  expect(cassandraCapabilities(false)).toMatchObject({
    orderingGaps: [],
    ttl: { removal: "sweep", granularity: 1 },
  });
  expect(cassandraCapabilities(true)).toMatchObject({ ttl: { removal: "native" } });
  expect(cassandraCapabilities(true).orderingGaps).toHaveLength(2);
});

test("a write of the largest inline value fits, with the largest metadata", () => {
  const { inlineBytesMax } = cassandraCapabilities(true);
  expect(inlineBytesMax + 64 * 1024 + 10_000).toBeLessThan(WRITE_BYTES_MAX);
});

test("open() fails UNAVAILABLE where nobody listens", async () => {
  const adapter = cassandra({
    contactPoints: ["127.0.0.1:1"],
    localDataCenter: "datacenter1",
    keyspace: "nowhere",
  });
  const opening = adapter.open({ env: systemEnv(), native: runNative });
  await expect(opening).rejects.toMatchObject({ code: "UNAVAILABLE", applied: "no" });
});
