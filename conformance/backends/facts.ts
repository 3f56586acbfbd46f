import type { EngineName } from "./backend.ts";

/** What the providers need to know of an engine; its flags are in `conformance/images/<engine>/run.sh`. */
export type EngineFacts = {
  readonly engine: EngineName;
  /** The image, under the name that it also has in public registries. */
  readonly image: string;
  /** The port inside the container, and the default port elsewhere. */
  readonly port: number;
  /** The variable that names an endpoint somebody runs. */
  readonly variable: string;
  /** What an endpoint's address begins with. */
  readonly scheme: "" | "http://";
  /** A word of the process's command line, of `run.sh` and of what it becomes. */
  readonly marker: string;
  /** Variables of `run.sh` that hold the ports to serve, when it is a plain process. */
  readonly portVariables: readonly [string, ...string[]];
  /** Debian packages that a plain process needs. */
  readonly packages: readonly string[];
};

/** The three engines. */
export const engineFacts: Readonly<Record<EngineName, EngineFacts>> = {
  cassandra: {
    engine: "cassandra",
    image: "cassandra:5.0",
    port: 9042,
    variable: "KVDAL_CASSANDRA",
    scheme: "",
    marker: "/cassandra/",
    portVariables: ["CASSANDRA_NATIVE_PORT", "CASSANDRA_STORAGE_PORT"],
    packages: ["openjdk-17-jre-headless"],
  },
  dynamodb: {
    engine: "dynamodb",
    image: "amazon/dynamodb-local:3",
    port: 8000,
    variable: "KVDAL_DYNAMODB",
    scheme: "http://",
    marker: "/dynamodb/",
    portVariables: ["DYNAMODB_PORT"],
    packages: ["openjdk-17-jre-headless"],
  },
  memcached: {
    engine: "memcached",
    image: "memcached:1.6",
    port: 11211,
    variable: "KVDAL_MEMCACHED",
    scheme: "",
    marker: "memcached",
    portVariables: ["MEMCACHED_PORT"],
    packages: ["memcached"],
  },
};

/** All engines, in the order in which they are listed everywhere. */
export const engineNames: readonly EngineName[] = ["cassandra", "dynamodb", "memcached"];

/**
 * The longest that an engine may take from its start to its first answer, milliseconds. Cassandra takes 5 s
 * on two idle cores; the rest is for busy machines.
 */
export const BOOT_LIMIT_MILLIS = 120_000;
