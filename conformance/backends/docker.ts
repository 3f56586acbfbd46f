import { createHash } from "node:crypto";
import { getContainerRuntimeClient } from "testcontainers";
import type { ContainerRuntimeClient } from "testcontainers";
import type { EngineName } from "./backend.ts";

/** A container as the engine's API hands it out. */
export type Container = ReturnType<ContainerRuntimeClient["container"]["getById"]>;

/** Labels of containers that this project started. */
export const LABELS = {
  /** The engine's name. */
  engine: "kvdal.engine",
  /** `yes`: shared, kept between commands; `no`: goes with its owner. */
  shared: "kvdal.shared",
  /** Process id of the owner of a private container. */
  owner: "kvdal.owner",
  /** The test run that it belongs to (test-run.ts); absent outside of any. */
  run: "kvdal.run",
  /** Name of the cluster that a container or network belongs to. */
  cluster: "kvdal.cluster",
} as const;

/** The Docker engine that Testcontainers finds (its rules: DOCKER_HOST, sockets); undefined if there is none. */
export async function dockerClient(): Promise<ContainerRuntimeClient | undefined> {
  try {
    return await getContainerRuntimeClient();
  } catch {
    return undefined;
  }
}

/** The id of a local image and whether a recipe of ours made it; undefined if it is not there. */
export async function localImage(
  client: ContainerRuntimeClient,
  tag: string,
): Promise<{ id: string; recipe: string | undefined } | undefined> {
  try {
    const image = await client.container.dockerode.getImage(tag).inspect();
    return { id: image.Id, recipe: image.Config.Labels?.["kvdal.recipe"] };
  } catch {
    return undefined;
  }
}

/** All containers of ours, running or not, of one engine or of all. */
export async function ourContainers(
  client: ContainerRuntimeClient,
  engine?: EngineName,
): Promise<readonly { id: string; labels: Readonly<Record<string, string>>; imageId: string }[]> {
  const label = engine === undefined ? LABELS.engine : `${LABELS.engine}=${engine}`;
  const found = await client.container.dockerode.listContainers({
    all: true,
    filters: { label: [label] },
  });
  return found.map(({ Id, Labels, ImageID }) => ({ id: Id, labels: Labels, imageId: ImageID }));
}

/** Removes a container with its data; does nothing if it is gone. */
export async function removeContainer(client: ContainerRuntimeClient, id: string): Promise<void> {
  try {
    await client.container.getById(id).remove({ force: true, v: true });
  } catch (error) {
    if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
  }
}

/** Whether an error of the engine's API has this HTTP status: 404 absent, 409 in use or already so. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof Error && "statusCode" in error && error.statusCode === status;
}

/** A short name for a set of words, equal for equal words: part of a shared container's name. */
export function shortHash(words: readonly string[]): string {
  return createHash("sha256").update(words.join("\0")).digest("hex").slice(0, 8);
}
