/** A real engine, or the end of the program with how to get one. */
import { type EngineName, openEngine, type RealEngine } from "kvdal/conformance";
import { CliError, EXIT_UNAVAILABLE } from "./exit.ts";

/** Attaches to the engine or starts it. Throws `CliError` with exit code 3 where there is none. */
export async function requireRealEngine(name: EngineName): Promise<RealEngine> {
  const engine = await openEngine(name);
  if (engine.available) return engine;
  const message = `${name} is not available: ${engine.why}. To get it: ${engine.howToGet}`;
  throw new CliError(EXIT_UNAVAILABLE, message);
}
