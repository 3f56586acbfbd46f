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

async function race(
  seconds: number,
): Promise<{ readonly results: readonly RaceResult[]; readonly code: number | null }> {
  const { stdout, code } = await kvdal(["cache-race", "--seconds", `${seconds}`, "--json"]);
  return { results: JSON.parse(stdout) as readonly RaceResult[], code };
}

test.skipIf(!memcached.available)(
  `cache-race sees no stale read with kvdal, and some with every naive protocol${why}`,
  async () => {
    let run = await race(5);
    // On a machine that is busy the cache may be away for most of so short a race.
    if (run.results.some(({ cacheHits }) => cacheHits === 0)) run = await race(20);
    const { results, code } = run;
    const names = results.map(({ protocol }) => protocol);
    expect(names).toEqual(["kvdal", "look-aside", "write-through", "delete-on-write"]);
    for (const { protocol, reads, staleReads, cacheHits, writes, ...others } of results) {
      if (protocol === "kvdal") expect(staleReads).toBe(0);
      else expect(staleReads).toBeGreaterThan(0);
      expect(cacheHits).toBeGreaterThan(0);
      expect(reads).toBeGreaterThan(cacheHits);
      expect(writes).toBeGreaterThan(0);
      expect(others.lostCommands).toBeGreaterThan(0);
      expect(Math.min(others.restarts, others.flushes)).toBeGreaterThan(0);
    }
    expect(code).toBe(0);
  },
  240_000,
);
