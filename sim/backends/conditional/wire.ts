/**
 * The way of a server's adapter to the DynamoDB-shaped engine: each request travels to one of the service's front
 * ends, is throttled, refused or carried out there, and its answer travels back, or is lost.
 */
import type { DynamodbAction, DynamodbWire } from "kvdal/engine";
import { type ConditionalPlan, PAGE_BYTES } from "../../faults/conditional.ts";
import { faultBit } from "../../faults/kinds.ts";
import { faultPlace } from "../../faults/registry/index.ts";
import type { Slowness } from "../../faults/slow-engine.ts";
import { hash32, scale } from "../../world/keyed-random.ts";
import type { Network } from "../../world/network.ts";
import type { SimNode } from "../../world/node.ts";
import { engineCallKey } from "../../world/request-key.ts";
import { WALL_ORIGIN } from "../../world/world.ts";
import { copyItem, type NativeInput, serviceError } from "./document.ts";
import type { NativeService, Visit } from "./service.ts";

/** What a wire is made of. */
export type WireParts = {
  readonly server: SimNode;
  readonly network: Network;
  /** The service's front ends: what is behind them is never down and loses nothing. */
  readonly nodes: readonly SimNode[];
  readonly service: NativeService;
  readonly plan: ConditionalPlan;
  readonly slowness: Slowness;
};

const MILLION = 1_000_000;
const ALL_KEYS = Number.POSITIVE_INFINITY;
/** What draws are for. */
const THROTTLED = 1;
const UNPROCESSED = 2;
const CONFLICT = 3;
const FAILURE = 4;
const LAG = 5;
const MORE = 16;
const FAULTS: Readonly<Record<number, number>> = {
  [THROTTLED]: faultBit("throttle"),
  [UNPROCESSED]: faultBit("unprocessed"),
  [CONFLICT]: faultBit("conflict"),
  [FAILURE]: faultBit("engine_failure"),
};

const COUNTS: Readonly<Record<number, number>> = {
  [THROTTLED]: faultPlace("throttle"),
  [UNPROCESSED]: faultPlace("unprocessed"),
  [CONFLICT]: faultPlace("conflict"),
  [FAILURE]: faultPlace("engine_failure"),
};

/** A request's answer, or the service's error. */
type Answer = { readonly document: object } | { readonly error: unknown };

/** The wire of one life of one server. */
export function worldWire(parts: WireParts): DynamodbWire {
  const { server, network, nodes, slowness } = parts;
  return {
    send: (action, input, { abortSignal, call }) =>
      new Promise((resolve, reject) => {
        const key = hash32(engineCallKey(call.signal), 41);
        const { incarnation } = server;
        const sent = onItsWay(input as NativeInput);
        const node = nodes[key % nodes.length] as SimNode;
        const abort = (): void => reject(serviceError("AbortError", "Request aborted"));
        abortSignal.addEventListener("abort", abort, { once: true });
        network.send(server, node, key, () => {
          const answer = answerOf(parts, action, sent, key);
          const arrive = (): void => {
            // A restarted server knows nothing of old requests.
            if (server.incarnation !== incarnation) return;
            if ("error" in answer) reject(answer.error);
            else resolve(answer.document);
          };
          const wait = slowness(hash32(key, node.index), server.index);
          network.send(node, server, hash32(key, 2), arrive, wait);
        });
      }),
    destroy: () => {},
  };
}

/** The request as it is sent: what its caller does with its bytes from now on is not seen. */
function onItsWay(input: NativeInput): NativeInput {
  return input.Item === undefined ? input : { ...input, Item: copyItem(input.Item) };
}

function answerOf(
  parts: WireParts,
  action: DynamodbAction,
  input: NativeInput,
  key: number,
): Answer {
  const { service, server, plan } = parts;
  const { isHealed } = server.world;
  const draw = (purpose: number): number => hash32(server.world.seed, key, purpose, 0xd1);
  const happens = (ppm: number, purpose: number): boolean => {
    if (ppm === 0 || isHealed || scale(draw(purpose), MILLION) >= ppm) return false;
    server.world.touches?.atNode(server.index, FAULTS[purpose] as number);
    server.world.tally.count(COUNTS[purpose] as number, true);
    return true;
  };
  const visit: Visit = {
    now: WALL_ORIGIN + server.world.now,
    lag: isHealed ? 0 : scale(draw(LAG), plan.lagMax + 1),
    keysMax: happens(plan.unprocessedPpm, UNPROCESSED)
      ? 1 + scale(draw(UNPROCESSED + MORE), 2)
      : ALL_KEYS,
    pageBytes: isHealed ? PAGE_BYTES : plan.pageBytes,
  };
  try {
    if (happens(plan.throttlePpm, THROTTLED)) throw throttled();
    const isWrite = action === "PutItem" || action === "DeleteItem";
    if (isWrite && happens(plan.conflictPpm, CONFLICT)) throw conflict();
    const fails = happens(plan.failurePpm, FAILURE);
    if (fails && scale(draw(FAILURE + MORE), 2) === 0) throw failure();
    const document = service.carryOut(action, input, visit);
    if (fails) throw failure();
    return { document };
  } catch (error) {
    return { error };
  }
}

function throttled(): Error {
  const message = "The level of configured provisioned throughput for the table was exceeded.";
  return serviceError("ProvisionedThroughputExceededException", message);
}

function conflict(): Error {
  const message = "Transaction is ongoing for the item";
  return serviceError("TransactionConflictException", message);
}

function failure(): Error {
  return serviceError("InternalServerError", "Internal server error", {
    $metadata: { httpStatusCode: 500 },
  });
}
