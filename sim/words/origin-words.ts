/** Which world a plan is: that of its seed, or what is left of one. */
import type { Plan } from "../workload/plan.ts";

/** `Seed 5`, `Cut down from seed 5`: by the plan that its seed has by itself. */
export function originWords(plan: Plan, own: Plan): string {
  const [left, all] = [operationsIn(plan), operationsIn(own)];
  const isOfIt = [...left].every((operation) => all.has(operation));
  if (isOfIt && left.size === all.size) return `Seed ${plan.seed}`;
  // Cutting down may draw the network anew: the plan's seed is then that of the draw, not of the world.
  return isOfIt ? `Cut down from seed ${own.seed}` : `Cut down, network of seed ${plan.seed}`;
}

/** By client, number and kind: what else there is to them may have been made plainer. */
function operationsIn({ operations }: Plan): ReadonlySet<string> {
  return new Set(
    operations.flatMap((list, client) =>
      list.map(({ index, kind }) => `${client} ${index} ${kind}`),
    ),
  );
}
