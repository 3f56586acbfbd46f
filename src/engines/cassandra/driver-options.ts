/** What the driver is told: what the caller says, and how nodes that hang, go and come back are dealt with. */
import type { ClientOptions } from "cassandra-driver";
import type { Library } from "./library.ts";
import type { CassandraOptions } from "./options.ts";

/** Longest wait of the driver's own requests, such as preparing, milliseconds; ours have what their call has left. */
const OWN_READ_MILLIS = 4000;

/** Longest wait for a connection, milliseconds. */
const CONNECT_MILLIS = 2000;

/** First and longest pause before a node that went away is tried again, milliseconds; by default ten minutes. */
const RECONNECT_MILLIS = [500, 5000] as const;

/** How long a connection is idle before it is asked whether it still answers, milliseconds. */
const HEARTBEAT_MILLIS = 5000;

/** The driver's options. The caller's own replace ours, but for encoding, contact points and data centre. */
export function driverOptions(options: CassandraOptions, { policies }: Library): ClientOptions {
  const { driver = {}, contactPoints, localDataCenter } = options;
  return {
    // Preparing on all nodes waits for one that hangs; a node that does not know a statement is told when it says so.
    prepareOnAllHosts: false,
    pooling: { heartBeatInterval: HEARTBEAT_MILLIS },
    policies: {
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(...RECONNECT_MILLIS),
    },
    ...driver,
    socketOptions: {
      connectTimeout: CONNECT_MILLIS,
      readTimeout: OWN_READ_MILLIS,
      ...driver.socketOptions,
    },
    contactPoints: [...contactPoints],
    localDataCenter,
    protocolOptions: {
      // The driver speaks no later version; not asking for one saves a connection.
      maxVersion: 4,
      // Agreement is waited for by `provision`, more closely than the driver does.
      maxSchemaAgreementWaitSeconds: 0,
      ...driver.protocolOptions,
    },
    encoding: { ...driver.encoding, useBigIntAsLong: true, copyBuffer: true },
  };
}
