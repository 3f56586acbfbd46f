/** The names of all kinds of fault: as plans, counts and reports have them. */

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

/** The others, each with a field of its own in plans, or none. */
const OTHER_NAMES = [
  "clock_offset",
  "clock_drift",
  "clock_coarse",
  "loss",
  "duplicate",
  "tails",
  "partition",
  "partition_one_way",
  "server_crash",
  "replica_crash",
  "unsynced_loss",
  "applier_crash",
  "double_delivery",
  "slow_engine",
  "throttle",
  "unprocessed",
  "conflict",
  "engine_failure",
  "overload",
  "levels_change",
  "alias_flip",
  "cache_evict",
  "cache_silent",
  "cache_late",
  "cache_slow_write",
  "cache_flush",
  "cache_away",
  "cache_cut_off",
  "give_up",
] as const;

/** The name of a kind that plans list among their troubles. */
export type TroubleName = (typeof TROUBLE_NAMES)[number];

/** The name of a kind. */
export type FaultName = TroubleName | (typeof OTHER_NAMES)[number];

/** All of them. */
export const FAULT_NAMES: readonly FaultName[] = [...OTHER_NAMES, ...TROUBLE_NAMES];
