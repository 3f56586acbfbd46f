/** Looking on while something goes on. */
import { MILLISECOND } from "kvdal";
import type { ConformanceStore } from "./store.ts";

/** Looks from one turn of the loop to the next: some, so that what never waits is met in its middle too. */
const LOOKS_A_TURN = 8;

/**
 * Looks again and again, each of `looks` by itself, until `work` is over. Everything else gets its turn now and then:
 * of an engine that answers reads without ever waiting, and waits to write, no write would come to its end, nor would
 * the time of the case. Rejects with what fails first.
 */
export async function meanwhile(
  { wait }: Pick<ConformanceStore, "wait">,
  work: Promise<unknown>,
  ...looks: readonly (() => Promise<void>)[]
): Promise<void> {
  const done = new AbortController();
  const look = async (once: () => Promise<void>): Promise<void> => {
    for (let times = 1; !done.signal.aborted; times += 1) {
      await once();
      if (times % LOOKS_A_TURN === 0) await wait(MILLISECOND);
    }
  };
  await Promise.all([work.finally(() => done.abort()), ...looks.map(look)]);
}
