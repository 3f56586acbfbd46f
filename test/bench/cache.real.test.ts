/** `bench cache` on the engines named by KVDAL_MEMCACHED and KVDAL_CASSANDRA: it gives figures; how large is no test's business. */
import { expect, test } from "vitest";
import type { CacheReport } from "../../bench/cache/bench.ts";
import { kvdalJson } from "../sim/kvdal.ts";

const missing = ["KVDAL_MEMCACHED", "KVDAL_CASSANDRA"].filter(
  (name) => (process.env[name] ?? "") === "",
);
const why = missing.length === 0 ? "" : ` (skipped: ${missing.join(", ")} not set)`;

test.skipIf(missing.length > 0)(
  `bench cache --quick sets adapter and client, cached and not, side by side${why}`,
  async () => {
    const { memcached, cassandra } = await kvdalJson<CacheReport>(["bench", "cache", "--quick"]);
    if (memcached === undefined || "skipped" in memcached) throw new Error("memcached is there");
    expect(memcached.map(({ verb, name }) => `${verb}, ${name}`)).toEqual([
      "put, bare memjs",
      "put, kvdal memcached adapter",
      "get, bare memjs",
      "get, kvdal memcached adapter",
    ]);
    if (cassandra === undefined || "skipped" in cassandra) throw new Error("cassandra is there");
    expect(cassandra.map(({ verb }) => verb)).toEqual(["put", "fill", "hit"]);
    const spreads = [
      ...memcached.flatMap(({ micros, ratio }) => [micros, ratio]),
      ...cassandra.flatMap(({ plain, cached, ratio }) => [plain, cached, ratio]),
    ];
    for (const { median, p25, p75, samples } of spreads) {
      expect(median).toBeGreaterThan(0);
      expect(p25).toBeLessThanOrEqual(p75);
      expect(samples).toBeGreaterThan(1);
    }
  },
);
