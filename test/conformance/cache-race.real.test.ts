/**
 * Goal: on a real memcached that loses commands and is killed, kvdal's cache tier shows nothing stale, and the same races
 * show that the naive protocols do. Method: the command, with races as short as prove something. Its memcached is its own.
 */
import { expect, test } from "vitest";
import type { RaceResult } from "kvdal/conformance";
import { openEngine } from "../../conformance/backends/real-engines.ts";
import { kvdal } from "../sim/kvdal.ts";

const memcached = await openEngine("memcached", { shared: false });
const why = memcached.available ? "" : ` (skipped: ${memcached.why})`;
if (memcached.available) await memcached.release();

test.skipIf(!memcached.available)(
  `cache-race sees no stale read with kvdal, and some with every naive protocol${why}`,
  async () => {
    const run = await kvdal(["cache-race", "--seconds", "2", "--json"]);
    const results = JSON.parse(run.stdout) as readonly RaceResult[];
    const names = results.map(({ protocol }) => protocol);
    expect(names).toEqual(["kvdal", "look-aside", "write-through", "delete-on-write"]);
    for (const { protocol, reads, staleReads, cacheHits, writes, ...others } of results) {
      if (protocol === "kvdal") expect(staleReads).toBe(0);
      else expect(staleReads).toBeGreaterThan(0);
      expect(cacheHits).toBeGreaterThan(0);
      expect(reads).toBeGreaterThan(cacheHits);
      expect(writes).toBeGreaterThan(0);
      expect(others.lostCommands).toBeGreaterThan(0);
      expect([others.restarts, others.flushes]).toEqual([1, 1]);
    }
    expect(run.code).toBe(0);
  },
);
