/** A real engine, or the end of the program with how to get one. */
import {
  type CassandraCluster,
  type EngineName,
  type EngineOptions,
  openCluster,
  openEngine,
  type RealEngine,
} from "kvdal/conformance";
import { CliError, EXIT_UNAVAILABLE } from "./exit.ts";

/** Attaches to the engine or starts it. Throws `CliError` with exit code 3 where there is none. */
export async function requireRealEngine(
  name: EngineName,
  options?: EngineOptions,
): Promise<RealEngine> {
  const engine = await openEngine(name, options);
  if (engine.available) return engine;
  const message = `${name} is not available: ${engine.why}. To get it: ${engine.howToGet}`;
  throw new CliError(EXIT_UNAVAILABLE, message);
}

/** As `requireRealEngine`, of three Cassandra nodes. */
export async function requireCluster(): Promise<CassandraCluster> {
  const cluster = await openCluster();
  if (cluster.available) return cluster;
  const message = `three nodes of cassandra are not available: ${cluster.why}. To get them: ${cluster.howToGet}`;
  throw new CliError(EXIT_UNAVAILABLE, message);
}
