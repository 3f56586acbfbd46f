/**
 * The simulator's bare run loop: each event wakes a promise chain that schedules the next event, and nothing else
 * happens. Timed by the CPU time of this process, since wall time on a shared machine says little. Goal: 800,000
 * events a CPU-second.
 */
import { inMacrotask, runEvents, World } from "kvdal/sim";

/** Chains of sleeps that run side by side. */
const CHAINS = 8;

/** Events a CPU-second of one run of about `events` events. */
export async function runLoopRate(events: number): Promise<number> {
  const world = new World(1);
  const sleep = (delay: number): Promise<void> =>
    new Promise((resolve) => {
      world.after(delay, 1, resolve);
    });
  const chain = async (step: number): Promise<void> => {
    for (let i = 0; i < events / CHAINS; i += 1) await sleep(step);
  };
  const begun = process.cpuUsage();
  await inMacrotask((drain) => {
    for (let i = 0; i < CHAINS; i += 1) void chain(1 + i);
    // The chains begin at once, up to their first sleep.
    runEvents(world, drain);
  });
  const { user, system } = process.cpuUsage(begun);
  return world.events / ((user + system) / 1e6);
}
