/** The one way to the SDK: deadline, one native call a request, errors mapped, no retries. */
import type * as Sdk from "@aws-sdk/client-dynamodb";
import { KvError } from "../../model/error.ts";
import { MILLISECOND } from "../../model/time.ts";
import type { EngineCall, EngineContext } from "../../ports/storage-engine.ts";
import { checkCall } from "../shared/call-guard.ts";
import type { Item } from "./attributes.ts";
import { type Effect, type Interruption, mapDynamodbError } from "./errors.ts";
import type { Library } from "./library.ts";

/** What came of a request with a condition. `item` is what was there, where the service tells. */
export type Conditional =
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly item: Item | undefined };

type Verb<Input, Output> = (input: Input, call: EngineCall) => Promise<Output>;

/** Sends requests, each by one native call. Every method rejects with `KvError`. */
export type Session = {
  /** Throws what a native call would for a call that is over, or after `close`. */
  readonly check: (call: EngineCall) => void;
  readonly putItem: Verb<Sdk.PutItemCommandInput, Conditional>;
  readonly deleteItem: Verb<Sdk.DeleteItemCommandInput, Conditional>;
  readonly getItem: Verb<Sdk.GetItemCommandInput, Sdk.GetItemCommandOutput>;
  readonly batchGetItem: Verb<Sdk.BatchGetItemCommandInput, Sdk.BatchGetItemCommandOutput>;
  readonly query: Verb<Sdk.QueryCommandInput, Sdk.QueryCommandOutput>;
  readonly scan: Verb<Sdk.ScanCommandInput, Sdk.ScanCommandOutput>;
  readonly createTable: Verb<Sdk.CreateTableCommandInput, "made" | "exists">;
  /** Undefined when there is no such table. */
  readonly describeTable: Verb<Sdk.DescribeTableCommandInput, Sdk.TableDescription | undefined>;
  readonly describeTtl: Verb<Sdk.DescribeTimeToLiveCommandInput, Sdk.TimeToLiveDescription>;
  readonly updateTtl: Verb<Sdk.UpdateTimeToLiveCommandInput, unknown>;
  readonly close: () => Promise<void>;
};

/** Runs a request under the call's deadline and signal. */
type Send = <T>(
  label: string,
  effect: Effect,
  call: EngineCall,
  thunk: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T>;

/** A session over a client of the SDK, which it owns from now on. */
export function createSession(
  sdk: Library,
  client: Sdk.DynamoDBClient,
  context: EngineContext,
  timeoutMillisMin: number,
): Session {
  let closed = false;
  const check = (call: EngineCall): void => {
    if (closed) throw new KvError("UNAVAILABLE", "the engine is closed, wanted an open one");
    checkCall(call, context.env.clock, "no");
  };
  const send = createSend(context, check, timeoutMillisMin);
  return {
    check,
    ...dataVerbs(sdk, client, send),
    ...tableVerbs(sdk, client, send),
    close: async () => {
      closed = true;
      client.destroy();
    },
  };
}

function dataVerbs(
  sdk: Library,
  client: Sdk.DynamoDBClient,
  send: Send,
): Pick<Session, "putItem" | "deleteItem" | "getItem" | "batchGetItem" | "query" | "scan"> {
  return {
    putItem: (input, call) =>
      conditional(
        send("put", "write", call, (options) =>
          client.send(new sdk.PutItemCommand(input), options),
        ),
      ),
    deleteItem: (input, call) =>
      conditional(
        send("delete", "write", call, (options) =>
          client.send(new sdk.DeleteItemCommand(input), options),
        ),
      ),
    getItem: (input, call) =>
      send("get", "read", call, (options) => client.send(new sdk.GetItemCommand(input), options)),
    batchGetItem: (input, call) =>
      send("batch-get", "read", call, (options) =>
        client.send(new sdk.BatchGetItemCommand(input), options),
      ),
    query: (input, call) =>
      send("query", "read", call, (options) => client.send(new sdk.QueryCommand(input), options)),
    scan: (input, call) =>
      send("scan", "read", call, (options) => client.send(new sdk.ScanCommand(input), options)),
  };
}

function tableVerbs(
  sdk: Library,
  client: Sdk.DynamoDBClient,
  send: Send,
): Pick<Session, "createTable" | "describeTable" | "describeTtl" | "updateTtl"> {
  return {
    createTable: async (input, call) => {
      const made = send<"made" | "exists">("create-table", "write", call, async (options) => {
        await client.send(new sdk.CreateTableCommand(input), options);
        return "made";
      });
      return await answered(made, "ResourceInUseException", "exists");
    },
    describeTable: async (input, call) => {
      const found = send("describe-table", "read", call, async (options) => {
        const { Table } = await client.send(new sdk.DescribeTableCommand(input), options);
        return Table;
      });
      return await answered(found, "ResourceNotFoundException", undefined);
    },
    describeTtl: (input, call) =>
      send("describe-ttl", "read", call, async (options) => {
        const answer = await client.send(new sdk.DescribeTimeToLiveCommand(input), options);
        return answer.TimeToLiveDescription ?? {};
      }),
    updateTtl: (input, call) =>
      send("update-ttl", "write", call, (options) =>
        client.send(new sdk.UpdateTimeToLiveCommand(input), options),
      ),
  };
}

function createSend(
  { env, native }: EngineContext,
  check: Session["check"],
  timeoutMillisMin: number,
): Send {
  return async (label, effect, call, thunk) => {
    check(call);
    const controller = new AbortController();
    let interruption: Interruption;
    const interrupt = (why: Interruption): void => {
      interruption ??= why;
      controller.abort();
    };
    const cancel = (): void => interrupt("cancelled");
    const left = call.deadline - env.clock.monotonic();
    const cancelTimer = env.timers.after(Math.max(left, timeoutMillisMin * MILLISECOND), () =>
      interrupt("deadline"),
    );
    call.signal.addEventListener("abort", cancel, { once: true });
    try {
      return await native(label, async () => thunk({ abortSignal: controller.signal }));
    } catch (error) {
      throw mapDynamodbError(withoutResponse(error), effect, interruption);
    } finally {
      cancelTimer();
      call.signal.removeEventListener("abort", cancel);
    }
  };
}

/**
 * The error without the response that the SDK leaves on it, for good: by it hang the request and the socket, too
 * much to keep as a cause, or to print.
 */
function withoutResponse(error: unknown): unknown {
  if (!(error instanceof Error) || !("$response" in error)) return error;
  const { name, message, stack, code, $metadata, Item } = error as Error & Record<string, unknown>;
  return Object.assign(new Error(message), { name, stack, code, $metadata, Item });
}

/** A condition that does not hold is an answer, not an error. */
async function conditional(request: Promise<unknown>): Promise<Conditional> {
  try {
    await request;
    return { kind: "done" };
  } catch (error) {
    if (nameOfCause(error) !== "ConditionalCheckFailedException") throw error;
    const { Item } = (error as KvError).cause as { readonly Item?: Item };
    return { kind: "refused", item: Item };
  }
}

/** What the request answers, or `missed` for the one error that is an answer too. */
async function answered<T>(request: Promise<T>, errorName: string, missed: T): Promise<T> {
  try {
    return await request;
  } catch (error) {
    if (nameOfCause(error) !== errorName) throw error;
    return missed;
  }
}

function nameOfCause(error: unknown): unknown {
  const cause = error instanceof KvError ? error.cause : undefined;
  return (cause as { readonly name?: unknown } | undefined)?.name;
}
