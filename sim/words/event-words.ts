/** Events in words, by their codes. */
import { kindOf, linkOf } from "../world/event-codes.ts";
import type { FiredEvent } from "../world/event-tap.ts";
import type { Plan } from "../workload/plan.ts";
import { duration } from "./measures.ts";
import { nodeName } from "./node-name.ts";

/** `a message from client 1 reaches server 0 at 0.4 ms`. */
export function eventWords({ time, code }: FiredEvent, plan: Plan): string {
  return `${whatHappens(code, plan)} at ${duration(time)}`;
}

function whatHappens(code: number, plan: Plan): string {
  const kind = kindOf(code);
  if (kind === undefined) {
    const [from, to] = linkOf(code).map((node) => nodeName(node, plan));
    return `a message from ${from} reaches ${to}`;
  }
  const rest = code - kind.code;
  return kind.says(kind.of === "node" ? nodeName(rest, plan) : `server ${rest}`);
}
