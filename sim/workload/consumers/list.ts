/** All consumers, by the names of their workloads. */
import { bulldozer } from "./bulldozer.ts";
import { concurrentDevices } from "./concurrent-devices.ts";
import type { Consumer, WorkloadName } from "./consumer.ts";
import { druidCache } from "./druid-cache.ts";
import { pushyRegistry } from "./pushy-registry.ts";
import { streamingMetadata } from "./streaming-metadata.ts";
import { userProfiles } from "./user-profiles.ts";

const BY_NAME: Readonly<Record<WorkloadName, Consumer>> = {
  "streaming-metadata": streamingMetadata,
  "user-profiles": userProfiles,
  "pushy-registry": pushyRegistry,
  bulldozer,
  "concurrent-devices": concurrentDevices,
  "druid-cache": druidCache,
};

/** All of them. */
export const CONSUMERS: readonly Consumer[] = Object.values(BY_NAME);

/** The consumer of that name. */
export function consumerNamed(name: WorkloadName): Consumer {
  return BY_NAME[name];
}

/** Whose workload the world of a seed has, where several are asked for: they take turns. Undefined where none is. */
export function consumerOf(
  seed: number,
  names: readonly WorkloadName[] | undefined,
): Consumer | undefined {
  const name = names?.[seed % names.length];
  return name && BY_NAME[name];
}
