/** A DynamoDB-shaped engine in the engine's place of a world, under the real adapter: conditions, retries and all. */
import { DAY, type Micros } from "kvdal";
import { dynamodbOver, type StorageEngine } from "kvdal/engine";
import { drawConditional } from "../../faults/conditional.ts";
import { planRandom } from "../../world/keyed-random.ts";
import type { SimNode } from "../../world/node.ts";
import { keyedSignal } from "../../world/request-key.ts";
import { settledAfter } from "../../workload/namespace-plan.ts";
import { type Plan, REPLICATED_TOPOLOGY } from "../../workload/plan.ts";
import { type BackendFactory, pointsOf } from "../backend.ts";
import { NativeService } from "./service.ts";
import { worldWire } from "./wire.ts";

/** The engine of `sim --engine conditional`. Its three nodes are front ends of one service that loses nothing. */
export const CONDITIONAL: BackendFactory = {
  name: "conditional",
  topology: { ...REPLICATED_TOPOLOGY, engine: "conditional" },
  create: (world, network, nodes, slowness, worldPlan) => {
    const plan = worldPlan.conditional ?? drawConditional(planRandom(world.seed, "calm"), true);
    const service = new NativeService({
      eventualLagMax: plan.lagMax,
      ttlLag: plan.removal,
      hasEveryTable: true,
    });
    const options = {
      nativeTtl: plan.removal !== undefined,
      retentionOf: () => retentionOf(worldPlan),
    };
    const openEngine = (server: SimNode): StorageEngine => {
      const wire = worldWire({ server, network, nodes, service, plan, slowness });
      const native = <T>(_label: string, thunk: () => Promise<T>): Promise<T> => thunk();
      const engine = dynamodbOver(wire, options, { env: server.env(), native });
      return { ...engine, capabilities: { ...engine.capabilities, engine: "conditional" } };
    };
    return {
      callsLastAsRequests: false,
      // As the adapter declares: rows of a request are written one by one.
      writesAtOnce: false,
      openEngine,
      recordId: (record) => `record-${record}`,
      within: (scope, work) => work(keyedSignal(scope.key, pointsOf(scope))),
      crash: (node) => node.crash(),
      restart: (node) => node.restart(),
      repair: () => {},
      views: () => [],
      inconclusive: () => undefined,
    };
  },
};

/**
 * How long expired rows have to hide older writes: no longer than tokens are taken and puts are under way, so that
 * some go while the world lasts. Lists are applied much later than they were accepted.
 */
function retentionOf({ namespace, lists }: Plan): Micros {
  return lists === undefined ? settledAfter(namespace) : DAY;
}
