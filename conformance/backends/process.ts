import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { EngineName, EngineOptions, Provider } from "./backend.ts";
import { engineFacts } from "./facts.ts";
import { hasCommand } from "../images/command.ts";
import { recipes } from "../images/recipes.ts";
import { isStaged, stagedFolder } from "../images/stage.ts";
import { processEngine } from "./process-engine.ts";
import type { ProcessPlan } from "./process-engine.ts";
import { answers } from "./probe.ts";
import { makeEndpoint } from "./endpoint.ts";
import { isRunning, readRecord } from "./process-record.ts";
import { currentRun } from "./test-run.ts";

/**
 * Third provider, for places where no Docker engine can run: a plain process from the staged folder, started
 * by the same `run.sh` with the same flags as in the container. It serves 127.0.0.1 (DynamoDB Local: all
 * interfaces, it cannot do less).
 */
export const processProvider: Provider = {
  name: "process",
  open: async (engine, options) => {
    if (!(await canRunProcess(engine))) return undefined;
    const shared = options.shared ?? true;
    const id = `${engine}-${options.commitLogSync ?? "periodic"}`;
    const run = currentRun();
    const sharedName = run === undefined ? id : `${id}-run-${run}`;
    const name = shared ? sharedName : `${id}-${process.pid}-${(privateCount += 1)}`;
    const record = readRecord(name);
    const ports =
      record !== undefined && isRunning(record) ? record.ports : await freePorts(engine);
    const plan = { ...makePlan(engine, name, ports, options), shared, run };
    const endpoint = makeEndpoint(engine, "127.0.0.1", ports[0] ?? 0);
    const running = await answers(engine, endpoint);
    return processEngine(plan, running);
  },
};

let privateCount = 0;

/** Whether the folder is staged and the commands that `run.sh` calls are there. */
export async function canRunProcess(engine: EngineName): Promise<boolean> {
  const recipe = recipes.find(({ folder }) => folder === engine);
  if (recipe === undefined || !isStaged(recipe)) return false;
  if (engine === "memcached") return hasCommand("memcached", ["-V"]);
  return hasCommand("java", ["-version"]);
}

function makePlan(
  engine: EngineName,
  name: string,
  ports: readonly number[],
  options: EngineOptions,
): Omit<ProcessPlan, "shared" | "run"> {
  const recipe = recipes.find(({ folder }) => folder === engine);
  if (recipe === undefined) throw new Error(`no recipe of ${engine}`);
  const { portVariables, marker } = engineFacts[engine];
  const environment = Object.fromEntries(
    portVariables.map((variable, index) => [variable, String(ports[index])]),
  );
  environment["KVDAL_COMMITLOG_SYNC"] = options.commitLogSync ?? "periodic";
  return { engine, name, marker, folder: stagedFolder(recipe), ports, environment };
}

// A port that was free a moment ago: the system does not hand it out again soon.
async function freePorts(engine: EngineName): Promise<readonly number[]> {
  const servers = engineFacts[engine].portVariables.map(() => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
      return promise;
    }),
  );
  for (const server of servers) server.close();
  return ports;
}
