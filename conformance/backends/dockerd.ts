import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { workFolder } from "../images/work-folder.ts";
import { dockerClient } from "./docker.ts";

/** How long the Docker engine may take to answer after its start, milliseconds. 2 s are usual. */
const START_MILLIS = 30_000;

/** Time between two looks, milliseconds. */
const LOOK_EVERY_MILLIS = 200;

/** Files with the process ids of the engine and of its helper, and the names those processes have. */
const idFiles = [
  { file: "/var/run/docker.pid", name: "dockerd" },
  { file: "/var/run/docker/containerd/containerd.pid", name: "containerd" },
] as const;

/** Where the Docker engine that we start writes its log. */
export const dockerdLog: string = join(workFolder(), "dockerd.log");

/**
 * Starts `dockerd` in the background, detached, and waits until it answers. It goes on after this process.
 *
 * @returns whether it answers.
 */
export async function startDockerd(): Promise<boolean> {
  removeStaleIdFiles();
  const log = openSync(dockerdLog, "a");
  const child = spawn("dockerd", [], { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  // Without a listener a missing command would end this process.
  child.on("error", () => {});
  child.unref();
  const end = performance.now() + START_MILLIS;
  while (performance.now() < end && child.pid !== undefined && child.exitCode === null) {
    if ((await dockerClient()) !== undefined) return true;
    await sleep(LOOK_EVERY_MILLIS);
  }
  // Its own end may mean that another command started one at the same moment.
  return (await dockerClient()) !== undefined;
}

// An engine that was killed leaves its id behind; a new one refuses to start if the id is in use again.
function removeStaleIdFiles(): void {
  for (const { file, name } of idFiles) {
    try {
      const id = readFileSync(file, "utf8").trim();
      if (commandName(id) !== name) rmSync(file);
    } catch {
      // No such file: nothing is stale.
    }
  }
}

function commandName(id: string): string | undefined {
  try {
    return readFileSync(`/proc/${id}/comm`, "utf8").trim();
  } catch {
    return undefined;
  }
}
