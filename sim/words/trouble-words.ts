/** Troubles in words. */
import type { Trouble } from "../faults/trouble.ts";
import type { Plan } from "../workload/plan.ts";
import { FAULTS } from "../faults/registry/index.ts";
import { duration, spanWords } from "./measures.ts";
import { nodeName } from "./node-name.ts";

/** `clock_step_back of client 0 by 12 ms, from 30 ms on`. */
export function troubleWords({ kind, node, at, until, by, other }: Trouble, plan: Plan): string {
  const { unit = "none" } = FAULTS.find(({ name }) => name === kind) ?? {};
  const beside = other < 0 ? "" : ` and ${nodeName(other, plan)}`;
  const size = Math.abs(by);
  const much = {
    us: ` by ${duration(size)}`,
    ppm: ` by ${size} ppm`,
    times: ` at its turn ${size}`,
    none: "",
  };
  const when = until > at ? spanWords({ at, until }) : `from ${duration(at)} on`;
  return `${kind} of ${nodeName(node, plan)}${beside}${by === 0 ? "" : much[unit]}, ${when}`;
}
