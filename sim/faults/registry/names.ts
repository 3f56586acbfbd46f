/** The names of all kinds of fault: as plans, counts and reports have them. */
import { FAULT_KINDS, type FaultKind } from "../kinds.ts";
import { REGION_FAULTS, type RegionFault } from "../regions.ts";

/** Those that plans list among their troubles. */
export const TROUBLE_NAMES = [
  "clock_step_forward",
  "clock_step_back",
  "clock_freeze",
  "clock_smear",
  "clock_apart",
  "timers_late",
  "reply_loss",
  "late_replay",
  "tails_exponential",
  "tails_bimodal",
  "reorder",
  "clog",
  "swizzle",
  "partition_partial",
  "reset",
  "pause",
  "slow_node",
  "restart_storm",
  "wipe",
  "step_crash",
  "zombie",
  "torn_write",
  "lost_sync",
  "corruption",
  "disk_full",
  "read_only",
  "stall",
] as const;

/** What comes with some of the others, and can be spared a world: they happen without it. */
export const SPARED_NAMES = ["unsynced_loss", "double_delivery"] as const;

/** The name of a kind that worlds can be spared. */
export type SparedName = (typeof SPARED_NAMES)[number];

/** What some cuts are. */
const ONE_WAY = "partition_one_way";

/** The name of a kind that plans list among their troubles. */
export type TroubleName = (typeof TROUBLE_NAMES)[number];

/** The name of a kind. */
export type FaultName = TroubleName | FaultKind | RegionFault | SparedName | typeof ONE_WAY;

/** All of them. */
export const FAULT_NAMES: readonly FaultName[] = [
  ...FAULT_KINDS,
  ONE_WAY,
  ...SPARED_NAMES,
  ...REGION_FAULTS,
  ...TROUBLE_NAMES,
];
