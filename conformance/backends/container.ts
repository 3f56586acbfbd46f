import { GenericContainer } from "testcontainers";
import type { ContainerRuntimeClient, WaitStrategy } from "testcontainers";
import type { EngineName, Provider, RealEngine, Unavailable } from "./backend.ts";
import { attach, join } from "./container-attach.ts";
import { containerEngine, readEndpoint } from "./container-engine.ts";
import { makeWish } from "./container-wish.ts";
import type { Wish } from "./container-wish.ts";
import {
  dockerClient,
  isStatus,
  LABELS,
  localImage,
  ourContainers,
  removeContainer,
} from "./docker.ts";
import { BOOT_LIMIT_MILLIS, engineFacts } from "./facts.ts";
import { untilAnswers } from "./probe.ts";
import { isAlive } from "./test-run.ts";

/**
 * Second provider, the normal one: a container through Testcontainers. A local image is used as it is, a
 * missing one is pulled. Its clean-up helper (Ryuk) is not used: shared containers are meant to outlive us, and
 * private ones whose owner died are removed by label at the next start.
 */
export const containerProvider: Provider = {
  name: "container",
  open: async (engine, options) => {
    const client = await dockerClient();
    if (client === undefined) return undefined;
    await removeOrphans(client, engine);
    const wish = await makeWish(client, engine, options);
    if ("available" in wish) return wish;
    const attached = wish.shared ? await attach(client, wish) : undefined;
    return attached ?? (await startOrJoin(client, wish));
  },
};

// Private containers whose owner is gone, those of a run that is over, and shared ones of an image that has been
// replaced since. Members of clusters go with their cluster.
async function removeOrphans(client: ContainerRuntimeClient, engine: EngineName): Promise<void> {
  const image = await localImage(client, engineFacts[engine].image);
  for (const { id, labels, imageId } of await ourContainers(client, engine)) {
    if (labels[LABELS.cluster] !== undefined) continue;
    const shared = labels[LABELS.shared] === "yes";
    const keeper = shared ? labels[LABELS.run] : labels[LABELS.owner];
    const orphan = keeper === undefined ? imageId !== image?.id : !isAlive(Number(keeper));
    if (orphan) await removeContainer(client, id);
  }
}

async function startOrJoin(
  client: ContainerRuntimeClient,
  wish: Wish,
): Promise<RealEngine | Unavailable> {
  try {
    return await startContainer(client, wish);
  } catch (error) {
    const joined = wish.shared && isStatus(error, 409) ? await join(client, wish) : undefined;
    if (joined !== undefined) return joined;
    if (wish.imageId !== undefined) throw error;
    return missingImage(wish.engine);
  }
}

// Testcontainers' strategies look at ports or logs from outside; our probe, afterwards, asks the engine itself.
const noWait: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => noWait,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => BOOT_LIMIT_MILLIS,
};

async function startContainer(client: ContainerRuntimeClient, wish: Wish): Promise<RealEngine> {
  const { image, port } = engineFacts[wish.engine];
  const start = performance.now();
  const started = await new GenericContainer(image)
    .withName(wish.name)
    .withEnvironment(wish.environment)
    .withExposedPorts(port)
    .withLabels({
      [LABELS.engine]: wish.engine,
      [LABELS.shared]: wish.shared ? "yes" : "no",
      [LABELS.owner]: String(process.pid),
      ...(wish.run === undefined ? {} : { [LABELS.run]: wish.run }),
    })
    .withAutoCleanup(false)
    .withWaitStrategy(noWait)
    .start();
  const container = client.container.getById(started.getId());
  const endpoint = await readEndpoint(client, wish.engine, container);
  const alive = async (): Promise<boolean> => (await container.inspect()).State.Running;
  if (!(await untilAnswers(wish.engine, endpoint, BOOT_LIMIT_MILLIS, alive))) {
    throw new Error(`${wish.name} did not answer; see: docker logs ${wish.name}`);
  }
  const bootMillis = performance.now() - start;
  return containerEngine(client, wish.engine, container, bootMillis, wish.shared);
}

function missingImage(engine: EngineName): Unavailable {
  const { image } = engineFacts[engine];
  return {
    available: false,
    engine,
    why: `the image ${image} is not here and no registry gave it`,
    howToGet: `docker pull ${image}, or as root on Debian: npm run images`,
  };
}
