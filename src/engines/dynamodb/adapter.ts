/** DynamoDB, the service or DynamoDB Local, behind the engine port. */
import type { Micros } from "../../model/time.ts";
import type { EngineAdapter, EngineContext, StorageEngine } from "../../ports/storage-engine.ts";
import { dynamodbCapabilities } from "./capabilities.ts";
import { loadLibrary } from "./library.ts";
import type { DynamodbOptions } from "./options.ts";
import { provision } from "./provision.ts";
import { putIfAbsent } from "./put-if-absent.ts";
import { readKeys, readRange } from "./read.ts";
import type { TtlSettings } from "./rows.ts";
import { scan } from "./scan.ts";
import { createSession } from "./session.ts";
import { sweep } from "./sweep.ts";
import { sdkWire } from "./sdk-wire.ts";
import type { DynamodbWire } from "./wire.ts";
import { write } from "./write.ts";

export type { DynamodbOptions } from "./options.ts";

/**
 * The adapter for the tables of one account, region and prefix. `open` reaches nothing yet: the SDK connects with
 * the first request.
 *
 * Every item is put under the condition that its version is the higher one; range deletions are control items that
 * readers look at first. There is one native call a request and no retry: a call that fails unknown is safe to
 * repeat with the same versions.
 */
export function dynamodb(options: DynamodbOptions): EngineAdapter {
  return {
    name: "dynamodb",
    open: async (context) => dynamodbOver(await connect(options), options, context),
  };
}

/** What the adapter itself needs to know, whatever its wire. */
export type DynamodbTableOptions = Pick<
  DynamodbOptions,
  "tablePrefix" | "nativeTtl" | "timeoutMillisMin"
> & {
  /** How long the tables keep what they know of deletions, where no `provision` here has told it. */
  readonly retentionOf?: (table: string) => Micros | undefined;
};

async function connect(options: DynamodbOptions): Promise<DynamodbWire> {
  const sdk = await loadLibrary();
  const { region, endpoint, credentials } = options;
  const client = new sdk.DynamoDBClient({
    // The steps of a request are put together once a kind, not once a request.
    cacheMiddleware: true,
    ...options.sdk,
    region,
    // Whether and when to try again is decided where tokens and budgets are known.
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return sdkWire(sdk, client);
}

/** The adapter's engine over a wire, which it owns from now on: the SDK's, or a stand-in for the service. */
export function dynamodbOver(
  wire: DynamodbWire,
  options: DynamodbTableOptions,
  context: EngineContext,
): StorageEngine {
  const { timeoutMillisMin = 0, retentionOf } = options;
  const session = createSession(wire, context, timeoutMillisMin);
  const { tablePrefix = "", nativeTtl = true } = options;
  const named = (table: string): string => tablePrefix + table;
  // As told by whoever made the tables through this engine; another one's are not known.
  const retentions = new Map<string, Micros>();
  const ttlOf = (table: string): TtlSettings => ({
    nativeTtl,
    retention: retentions.get(table) ?? retentionOf?.(table),
  });
  return {
    capabilities: dynamodbCapabilities(nativeTtl),
    provision: async ({ table, retention }, call) => {
      await provision(session, context, named(table), nativeTtl, call);
      retentions.set(table, retention);
    },
    write: async ({ table, id }, mutations, call) =>
      write(session, named(table), id, mutations, ttlOf(table), call),
    readKeys: async (read, call) => readKeys(session, context, named(read.table), read, call),
    readRange: async (read, call) => readRange(session, named(read.table), read, call),
    putIfAbsent: async (partition, row, call) =>
      putIfAbsent(session, named(partition.table), partition, row, ttlOf(partition.table), call),
    scan: async (read, call) => scan(session, named(read.table), read, call),
    sweep: async (request, call) => sweep(session, named(request.table), request, call),
    close: session.close,
  };
}
