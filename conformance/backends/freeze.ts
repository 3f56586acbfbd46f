import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "./docker.ts";

/** How long freezing may be tried, milliseconds: a task waits for its disk for a second or two, seldom longer. */
const FREEZE_LIMIT_MILLIS = 15_000;

/** Time between two tries, milliseconds. */
const FREEZE_EVERY_MILLIS = 100;

/**
 * Pauses a container. The kernel of cgroup v1 freezes no task that waits for its disk; runc tries for some 200 ms,
 * thaws what it froze and gives up with "unable to freeze". That ends by itself, so it is tried again for a while.
 *
 * @throws what Docker said last, when it was tried long enough; anything else that Docker says at once.
 */
export async function freeze(
  container: Pick<Container, "pause">,
  limitMillis: number = FREEZE_LIMIT_MILLIS,
): Promise<void> {
  const end = performance.now() + limitMillis;
  for (;;) {
    try {
      await container.pause();
      return;
    } catch (error) {
      if (!isStuck(error) || performance.now() >= end) throw error;
    }
    await sleep(FREEZE_EVERY_MILLIS);
  }
}

function isStuck(error: unknown): boolean {
  return error instanceof Error && error.message.includes("unable to freeze");
}
