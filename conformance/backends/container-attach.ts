import { setTimeout as sleep } from "node:timers/promises";
import type { ContainerRuntimeClient } from "testcontainers";
import type { RealEngine } from "./backend.ts";
import { containerEngine, readEndpoint } from "./container-engine.ts";
import type { Wish } from "./container-wish.ts";
import type { Container } from "./docker.ts";
import { isStatus, removeContainer } from "./docker.ts";
import { BOOT_LIMIT_MILLIS } from "./facts.ts";
import { untilAnswers } from "./probe.ts";

/** How long a container may be neither running nor ended, milliseconds: starts take a tenth of it. */
const SETTLE_MILLIS = 10_000;

/** Time between two looks at it, milliseconds. */
const SETTLE_EVERY_MILLIS = 50;

/**
 * The shared container of this name, if there is one that answers. One that is booting is waited for, a paused one
 * is resumed; one that ended, or does not answer in time, is removed.
 */
export async function attach(
  client: ContainerRuntimeClient,
  wish: Wish,
): Promise<RealEngine | undefined> {
  const container = client.container.getById(wish.name);
  try {
    const State = await settledState(container);
    if (State.Paused) await container.unpause();
    if (State.Running) {
      const endpoint = await readEndpoint(client, wish.engine, container);
      const alive = async (): Promise<boolean> => (await container.inspect()).State.Running;
      if (await untilAnswers(wish.engine, endpoint, BOOT_LIMIT_MILLIS, alive)) {
        return await containerEngine(client, wish.engine, container, undefined, wish.shared);
      }
    }
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
  await removeContainer(client, wish.name);
  return undefined;
}

/**
 * As {@link attach}, after a start that found the name taken: another command was first, and its container is as
 * good. Docker has the name reserved a moment before the container itself can be seen, so this looks repeatedly.
 */
export async function join(
  client: ContainerRuntimeClient,
  wish: Wish,
): Promise<RealEngine | undefined> {
  const end = performance.now() + SETTLE_MILLIS;
  while (performance.now() < end) {
    const joined = await attach(client, wish);
    if (joined !== undefined) return joined;
    await sleep(SETTLE_EVERY_MILLIS);
  }
  return undefined;
}

// Between its creation by another command and its first moment of life a container looks as if it had ended.
async function settledState(container: Container): Promise<{ Paused: boolean; Running: boolean }> {
  const end = performance.now() + SETTLE_MILLIS;
  for (;;) {
    const { State, NetworkSettings } = await container.inspect();
    const isMapped = Object.values(NetworkSettings.Ports).some((bindings) => bindings?.length);
    const isSettled = State.Running ? isMapped : !["created", "removing"].includes(State.Status);
    if (isSettled || performance.now() > end) return State;
    await sleep(SETTLE_EVERY_MILLIS);
  }
}
