/** Events in words, by their codes. */
import { kindOf } from "../world/event-codes.ts";
import type { FiredEvent } from "../world/event-tap.ts";
import type { Plan } from "../workload/plan.ts";
import { duration } from "./measures.ts";
import { nodeName } from "./node-name.ts";

/** Nodes of a link: its code is one number times this, and the other. */
const LINK = 64;

/** `a message from client 1 reaches server 0 at 0.4 ms`. */
export function eventWords({ time, code }: FiredEvent, plan: Plan): string {
  return `${whatHappens(code, plan)} at ${duration(time)}`;
}

/** The nodes of the link by which a message arrives; undefined for any other event. */
export function linkOf(code: number): readonly [from: number, to: number] | undefined {
  return kindOf(code) === undefined ? [Math.floor(code / LINK), code % LINK] : undefined;
}

/** The node at which such an event happens; undefined where it is not at one. */
export function nodeOf(code: number): number | undefined {
  const kind = kindOf(code);
  if (kind === undefined) return code % LINK;
  return kind.of === "node" ? code - kind.code : undefined;
}

function whatHappens(code: number, plan: Plan): string {
  const kind = kindOf(code);
  if (kind !== undefined) {
    const rest = code - kind.code;
    return kind.says(kind.of === "node" ? nodeName(rest, plan) : `server ${rest}`);
  }
  const [from, to] = [Math.floor(code / LINK), code % LINK].map((node) => nodeName(node, plan));
  return `a message from ${from} reaches ${to}`;
}
