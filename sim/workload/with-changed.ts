/** A plan that is another in one of its parts. */
import type { Plan } from "./plan.ts";

/** Parts of a plan that have fields of their own; some plans lack some of them. */
type Parted =
  | "namespace"
  | "network"
  | "slowEngine"
  | "replicas"
  | "conditional"
  | "regions"
  | "cache"
  | "lists"
  | "versions";

/** The plan with some fields of that part changed, if it has the part. */
export function withChanged<P extends Parted>(
  plan: Plan,
  name: P,
  change: (part: NonNullable<Plan[P]>) => Partial<NonNullable<Plan[P]>>,
): Plan {
  const part = plan[name];
  return part === undefined ? plan : { ...plan, [name]: { ...part, ...change(part) } };
}
