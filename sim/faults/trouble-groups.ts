/** Kinds of trouble that have something in common. */
import type { TroubleName } from "./registry/index.ts";

type Group = ReadonlySet<TroubleName>;

/** Clocks that show another time from then on: `by` further, or less far. */
export const STEPS: Group = new Set<TroubleName>([
  "clock_step_forward",
  "clock_step_back",
  "clock_smear",
]);
/** Clocks that fall behind for a while. */
export const FREEZES: Group = new Set<TroubleName>(["clock_freeze"]);
/** Whatever wall clocks show. */
export const WALL: Group = new Set<TroubleName>([...STEPS, ...FREEZES]);
/** Replicas that lose what they had acknowledged. */
export const LOSSES: Group = new Set<TroubleName>(["wipe", "lost_sync", "corruption"]);
/** Nodes that are down. */
export const OUTAGES: Group = new Set<TroubleName>([
  "restart_storm",
  "wipe",
  "lost_sync",
  "torn_write",
  "step_crash",
]);
/** What befalls messages. */
export const LINKS: Group = new Set<TroubleName>([
  "reply_loss",
  "late_replay",
  "tails_exponential",
  "tails_bimodal",
  "reorder",
  "clog",
  "swizzle",
  "partition_partial",
  "reset",
]);
/** What makes a node late to what is due at it. */
export const LATENESS: Group = new Set<TroubleName>([
  "pause",
  "zombie",
  "slow_node",
  "timers_late",
]);
/** What befalls a replica's storage while it is up. */
export const DISK: Group = new Set<TroubleName>(["disk_full", "read_only", "stall"]);
