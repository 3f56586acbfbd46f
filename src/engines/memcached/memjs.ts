/**
 * What is used of `memjs`, which comes without types, set up so that it decides nothing: no resending, no time-out
 * of its own, no credentials from the air, no log. Time and failure are the supervisor's business.
 */
import type { Socket } from "node:net";
import { KvError } from "../../model/error.ts";

/** Answers of the server; rejected with an `Error` whose message starts with "MemJS " when it answers an error. */
export type MemjsClient = {
  readonly get: (key: string) => Promise<{ readonly value: Buffer | null }>;
  readonly set: (key: string, value: Buffer, options: MemjsExpiry) => Promise<boolean>;
  readonly add: (key: string, value: Buffer, options: MemjsExpiry) => Promise<boolean>;
  readonly delete: (key: string) => Promise<boolean>;
};

type MemjsExpiry = { readonly expires: number };

/** One connection's worth of memjs. It connects when the first request is made. */
export type MemjsServer = { _socket?: Socket; username?: string; password?: string };

type MemjsModule = {
  readonly Client: new (servers: readonly MemjsServer[], options: object) => MemjsClient;
  readonly Server: new (
    host: string,
    port: number,
    username: string,
    password: string,
    options: object,
  ) => MemjsServer;
};

/** Makes clients of one endpoint. */
export type MemjsFactory = () => { readonly client: MemjsClient; readonly server: MemjsServer };

/** Seconds. So long that memjs never acts by itself: its only answer to a time-out is to fail everybody. */
const NEVER = 86_400;

/**
 * Loads memjs. Throws UNSUPPORTED when it is not installed, INVALID_ARGUMENT when `endpoint` is not `host`,
 * `host:port` or `[address]:port`.
 */
export async function loadMemjs(endpoint: string): Promise<MemjsFactory> {
  const { host, port } = parseEndpoint(endpoint);
  const { Client, Server } = await importMemjs();
  return () => {
    const server = new Server(host, port, "", "", {
      timeout: NEVER,
      conntimeout: NEVER,
      keepAlive: true,
    });
    // An empty name makes memjs look into the environment.
    server.username = "";
    server.password = "";
    // With 0, as with 1, memjs sends a request once: its counter is taken down before it is looked at.
    const client = new Client([server], { retries: 0, logger: { log: () => undefined } });
    return { client, server };
  };
}

/**
 * What the server said, when the error is its answer and not memjs's own: "Value too large", "Out of memory", …;
 * undefined when contact was lost.
 */
export function statusOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /^MemJS [A-Z]+: (?<status>.*)$/.exec(error.message)?.groups?.["status"];
}

async function importMemjs(): Promise<MemjsModule> {
  try {
    // @ts-expect-error The package has no types; those above are what is used of it.
    return ((await import("memjs")) as { readonly default: MemjsModule }).default;
  } catch (cause) {
    const wanted = "wanted the package memjs to be installed";
    throw new KvError("UNSUPPORTED", `memcached cannot be used, ${wanted}`, { cause });
  }
}

function parseEndpoint(endpoint: string): { readonly host: string; readonly port: number } {
  const parts = /^(?:\[(?<address>[0-9a-f:.]+)\]|(?<host>[^:[\]/]+))(?::(?<port>\d{1,5}))?$/i.exec(
    endpoint,
  )?.groups;
  const host = parts?.["address"] ?? parts?.["host"];
  const port = Number(parts?.["port"] ?? 11_211);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  const wanted = "wanted host, host:port or [address]:port";
  throw new KvError("INVALID_ARGUMENT", `memcached endpoint is ${endpoint}, ${wanted}`);
}
