/**
 * PUT-3 and CHUNK-3 on any engine: a process that embeds the service and puts chunked values is killed at random
 * moments, and one that comes after it looks at what it left. One place for what is claimed of every engine.
 */
import { expect } from "vitest";
import { CHUNK_BYTES, type StoreSpec, type WritePlan } from "./embedded-store.ts";
import { collectAfter, missingAfter } from "./judge-writes.ts";
import { runWriter, type Said } from "./run-writer.ts";

/** How often the writer is killed: a few times in CI, `KVDAL_KILLS=200` for the long form. */
const KILLS = Number(process.env["KVDAL_KILLS"] ?? 6);
/** So many kills cannot all miss the time between the first chunk of a value and the put that commits it. */
const KILLS_THAT_STRAND = 50;
/** Chunks of each value: ten requests of the client, and one more that commits. */
const CHUNKS = 20;
/** The kill falls within so many milliseconds from the second value on: some puts' time. */
const KILL_WITHIN = 60;

/** Longest that the kills of `killAmidChunkedPuts` may take on a machine that is busy with others, milliseconds. */
export const KILLS_TIMEOUT: number = 60_000 + 5_000 * KILLS;

/**
 * Kills writers of an empty store, one after the other. No acknowledged value may be gone and none torn, after each kill
 * and once all that was staged in vain is collected; and then no chunk may be left but those of the values.
 */
export async function killAmidChunkedPuts(store: StoreSpec): Promise<void> {
  const plan = { store, first: 1, valueBytes: CHUNKS * CHUNK_BYTES };
  const said = await killAgainAndAgain(plan);
  const { missing, values, chunksBefore, chunksLeft } = await collectAfter(plan, said);
  const stranded = chunksBefore - values * CHUNKS;
  const unsaid = values - said.done.length;
  console.log(
    `${store.engine}: ${KILLS} kills, ${said.done.length} values acknowledged, ${unsaid} more there, ` +
      `${stranded} chunks left by kills, ${chunksBefore - chunksLeft} collected`,
  );
  expect(missing).toEqual([]);
  expect(chunksLeft).toBe(values * CHUNKS);
  // One value is under way at a kill; a put that came to its end leaves nothing.
  expect(stranded).toBeLessThanOrEqual(KILLS * CHUNKS);
  // Else the collector had nothing to do, and proved nothing.
  if (KILLS >= KILLS_THAT_STRAND) expect(stranded).toBeGreaterThan(0);
}

async function killAgainAndAgain(plan: WritePlan): Promise<Said> {
  const begun: number[] = [];
  const done: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const said = await runWriter({ ...plan, first: begun.length + 1 }, (count, writer) => {
      if (count === 2) setTimeout(writer.kill, Math.random() * KILL_WITHIN);
    });
    expect(said.failed).toBeUndefined();
    expect(said.done.length).toBeGreaterThanOrEqual(2);
    expect(await missingAfter(plan, said)).toEqual([]);
    begun.push(...said.begun);
    done.push(...said.done);
  }
  return { begun, done, failed: undefined };
}
