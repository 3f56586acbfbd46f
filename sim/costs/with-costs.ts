/** Which worlds are counted at their end what calls cost: what is counted is the same in each, and few are enough. */
import type { Plan } from "../workload/plan.ts";
import { chance, planRandom } from "../world/keyed-random.ts";

/** One world in so many. */
const COSTS_IN = 4;

/** The plan, with those counts where it is drawn so. A real engine's worlds are about that engine. */
export function withCosts(plan: Plan): Plan {
  const { replicas, engine } = plan.topology;
  const isSimulated = replicas > 1 || engine !== undefined;
  if (!isSimulated || !chance(planRandom(plan.seed, "costs"), 1, COSTS_IN)) return plan;
  return { ...plan, costs: true };
}
