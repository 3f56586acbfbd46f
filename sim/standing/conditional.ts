/** The DynamoDB-shaped engine behind its port alone: the real adapter over tables that nothing befalls. */
import { dynamodbOver, type DynamodbWire, type EngineAdapter } from "kvdal/engine";
import { NativeService } from "../backends/conditional/service.ts";
import { worldWire } from "../backends/conditional/wire.ts";
import { type ConditionalPlan, PAGE_BYTES } from "../faults/conditional.ts";
import { keyedSignal } from "../world/request-key.ts";
import { standingWorld } from "./standing-world.ts";

const FRONT_ENDS = 3;
const CALM: ConditionalPlan = {
  pageBytes: PAGE_BYTES,
  throttlePpm: 0,
  unprocessedPpm: 0,
  conflictPpm: 0,
  failurePpm: 0,
  lagMax: 0,
  removal: undefined,
};

/** An adapter whose engines share tables in memory: what is in them goes with it. Expiry is the callers' alone. */
export function conditional(): EngineAdapter {
  const { network, nodes, pump, server, turn } = standingWorld(FRONT_ENDS);
  const service = new NativeService({
    eventualLagMax: 0,
    ttlLag: undefined,
    hasEveryTable: false,
  });
  const openWire = (): DynamodbWire => {
    const parts = { server: server(), network, nodes, service, plan: CALM, slowness: () => 0 };
    const wire = worldWire(parts);
    return {
      send: (action, input, { abortSignal, call }) => {
        const keyed = { ...call, signal: keyedSignal(turn()) };
        const answer = wire.send(action, input, { abortSignal, call: keyed });
        pump();
        return answer;
      },
      destroy: wire.destroy,
    };
  };
  return {
    name: "conditional",
    open: async (context) => {
      const engine = dynamodbOver(openWire(), { nativeTtl: false }, context);
      return { ...engine, capabilities: { ...engine.capabilities, engine: "conditional" } };
    },
  };
}
