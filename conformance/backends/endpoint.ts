import type { Endpoint, EngineName, Provider, RealEngine, Unavailable } from "./backend.ts";
import { engineFacts } from "./facts.ts";
import { answers } from "./probe.ts";

/**
 * First provider: an endpoint that somebody runs, named by `KVDAL_CASSANDRA`, `KVDAL_DYNAMODB` or
 * `KVDAL_MEMCACHED`. If the variable is set, no other provider is tried: a wrong address is said, not replaced.
 * A private engine is one to be killed, which somebody's engine is not for: this provider then stands aside.
 */
export const endpointProvider: Provider = {
  name: "endpoint",
  open: async (engine, options) => {
    const { variable } = engineFacts[engine];
    const value = process.env[variable] ?? "";
    if (value === "" || options.shared === false) return undefined;
    const endpoint = parseAddress(engine, value);
    if (endpoint === undefined) return unusable(engine, `${variable}=${value} is no address`);
    if (await answers(engine, endpoint)) return foreign(engine, endpoint);
    return unusable(engine, `nothing speaks ${engine} at ${variable}=${value}`);
  },
};

/** Reads `host:port` or `http://host:port`; undefined if it is neither. */
export function parseAddress(engine: EngineName, value: string): Endpoint | undefined {
  const { scheme } = engineFacts[engine];
  const match = /^(?:https?:\/\/)?([^/:]+|\[[^\]]+\]):(\d{1,5})\/?$/u.exec(value);
  if (match === null) return undefined;
  const host = (match[1] ?? "").replaceAll(/[[\]]/gu, "");
  const port = Number(match[2]);
  if (port < 1 || port > 65_535) return undefined;
  return makeEndpoint(engine, host, port, value.startsWith("https://") ? "https://" : scheme);
}

/** An endpoint with its address as the environment variables would hold it. */
export function makeEndpoint(
  engine: EngineName,
  host: string,
  port: number,
  scheme: string = engineFacts[engine].scheme,
): Endpoint {
  const name = host.includes(":") ? `[${host}]` : host;
  return { host, port, address: `${scheme}${name}:${port}` };
}

function unusable(engine: EngineName, why: string): Unavailable {
  const { variable, scheme, port } = engineFacts[engine];
  const howToGet = `start it and set ${variable}=${scheme}host:${port}, or unset ${variable}`;
  return { available: false, engine, why, howToGet };
}

function foreign(engine: EngineName, endpoint: Endpoint): RealEngine {
  const refuse = async (): Promise<void> => {
    throw new Error(`${engine} at ${endpoint.address} is run by somebody else: leave it as it is`);
  };
  return Object.freeze<RealEngine>({
    available: true,
    engine,
    provider: "endpoint",
    bootMillis: undefined,
    controllable: false,
    endpoint: () => endpoint,
    stop: refuse,
    start: refuse,
    kill: refuse,
    pause: refuse,
    resume: refuse,
    restart: refuse,
    logs: async () => "",
    memoryBytes: async () => undefined,
    release: async () => {},
  });
}
