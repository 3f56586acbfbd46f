/** The one way to the wire: deadline, one native call a request, errors mapped, no retries. */
import type * as Sdk from "@aws-sdk/client-dynamodb";
import { KvError } from "../../model/error.ts";
import { MILLISECOND } from "../../model/time.ts";
import type { EngineCall, EngineContext } from "../../ports/storage-engine.ts";
import { checkCall } from "../shared/call-guard.ts";
import type { Item } from "./attributes.ts";
import { type Effect, type Interruption, mapDynamodbError } from "./errors.ts";
import type { DynamodbAction, DynamodbWire, WireOptions } from "./wire.ts";

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

/** Sends a request under the call's deadline and signal. */
type Send = <T>(
  label: string,
  effect: Effect,
  call: EngineCall,
  request: { readonly action: DynamodbAction; readonly input: object },
) => Promise<T>;

/** A session over a wire, which it owns from now on. */
export function createSession(
  wire: DynamodbWire,
  context: EngineContext,
  timeoutMillisMin: number,
): Session {
  let closed = false;
  const check = (call: EngineCall): void => {
    if (closed) throw new KvError("UNAVAILABLE", "the engine is closed, wanted an open one");
    checkCall(call, context.env.clock, "no");
  };
  const send = createSend(wire, context, check, timeoutMillisMin);
  return {
    check,
    ...dataVerbs(send),
    ...tableVerbs(send),
    close: async () => {
      closed = true;
      wire.destroy();
    },
  };
}

function dataVerbs(
  send: Send,
): Pick<Session, "putItem" | "deleteItem" | "getItem" | "batchGetItem" | "query" | "scan"> {
  return {
    putItem: (input, call) => conditional(send("put", "write", call, { action: "PutItem", input })),
    deleteItem: (input, call) =>
      conditional(send("delete", "write", call, { action: "DeleteItem", input })),
    getItem: (input, call) => send("get", "read", call, { action: "GetItem", input }),
    batchGetItem: (input, call) =>
      send("batch-get", "read", call, { action: "BatchGetItem", input }),
    query: (input, call) => send("query", "read", call, { action: "Query", input }),
    scan: (input, call) => send("scan", "read", call, { action: "Scan", input }),
  };
}

function tableVerbs(
  send: Send,
): Pick<Session, "createTable" | "describeTable" | "describeTtl" | "updateTtl"> {
  return {
    createTable: async (input, call) => {
      const made = send<unknown>("create-table", "write", call, { action: "CreateTable", input });
      return await answered(
        made.then(() => "made" as const),
        "ResourceInUseException",
        "exists",
      );
    },
    describeTable: async (input, call) => {
      const request = { action: "DescribeTable", input } as const;
      const found = send<Sdk.DescribeTableCommandOutput>("describe-table", "read", call, request);
      return await answered(
        found.then(({ Table }) => Table),
        "ResourceNotFoundException",
        undefined,
      );
    },
    describeTtl: async (input, call) => {
      const request = { action: "DescribeTimeToLive", input } as const;
      const answer = await send<Sdk.DescribeTimeToLiveCommandOutput>(
        "describe-ttl",
        "read",
        call,
        request,
      );
      return answer.TimeToLiveDescription ?? {};
    },
    updateTtl: (input, call) =>
      send("update-ttl", "write", call, { action: "UpdateTimeToLive", input }),
  };
}

function createSend(
  wire: DynamodbWire,
  { env, native }: EngineContext,
  check: Session["check"],
  timeoutMillisMin: number,
): Send {
  return async <T>(
    label: string,
    effect: Effect,
    call: EngineCall,
    { action, input }: Parameters<Send>[3],
  ): Promise<T> => {
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
      const options: WireOptions = { abortSignal: controller.signal, call };
      return (await native(label, async () => wire.send(action, input, options))) as T;
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
