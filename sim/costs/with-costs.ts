/** Which worlds are told at their end what calls cost: it is the same for each, and whatever else they break must show, too. */
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
