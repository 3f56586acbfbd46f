/** Events in words, by their codes. */
import type { FiredEvent } from "../world/event-tap.ts";
import type { Plan } from "../workload/plan.ts";
import { duration, nodeName } from "./words.ts";

/** Codes of events from here on are of a kind; below are links of the network. */
const KINDS: readonly (readonly [from: number, says: (rest: number, plan: Plan) => string])[] = [
  [40_000, () => "a call within the process arrives"],
  [30_007, () => "the service levels change"],
  [30_000, (phase) => PHASES[phase] ?? "a phase of the world begins"],
  [28_000, (place) => `server ${place} hears that the alias flips, or that a version is gone`],
  [26_001, (place) => `the doomed namespace ends at server ${place}`],
  [26_000, () => "a server begins a round of its applier"],
  [25_000, () => "a clean-up begins, or an alias flips"],
  [20_000, (node, plan) => `${nodeName(node, plan)} goes down or comes back`],
  [10_000, (node, plan) => `a timer of ${nodeName(node, plan)} fires`],
];

const PHASES: readonly string[] = [
  "the clients begin",
  "all faults end",
  "replicas send each other what they have",
  "everything has settled",
  "the first clean-up begins",
  "the last clean-up begins",
  "everything is read back",
];

/** Nodes of a link: its code is one number times this, and the other. */
const LINK = 64;

/** `a message from client 1 reaches server 0 at 0.4 ms`. */
export function eventWords({ time, code }: FiredEvent, plan: Plan): string {
  return `${whatHappens(code, plan)} at ${duration(time)}`;
}

/** The node at which such an event happens; undefined where it is not at one. */
export function nodeOf(code: number): number | undefined {
  if (code < 10_000) return code % LINK;
  if (code < 20_000) return code - 10_000;
  return code < 25_000 ? code - 20_000 : undefined;
}

function whatHappens(code: number, plan: Plan): string {
  for (const [from, says] of KINDS) if (code >= from) return says(code - from, plan);
  const [from, to] = [Math.floor(code / LINK), code % LINK].map((node) => nodeName(node, plan));
  return `a message from ${from} reaches ${to}`;
}
