/** The kinds of fault that are counted by the calls that they touch; `registry/names.ts` has all there are. */

/** The kinds. At most 32: sets of them are bits of one integer. */
export const FAULT_KINDS = [
  "loss",
  "duplicate",
  "tails",
  "partition",
  "server_crash",
  "replica_crash",
  "applier_crash",
  "slow_engine",
  "throttle",
  "unprocessed",
  "conflict",
  "engine_failure",
  "clock_offset",
  "clock_drift",
  "clock_coarse",
  "cache_evict",
  "cache_silent",
  "cache_late",
  "cache_slow_write",
  "cache_flush",
  "cache_away",
  "cache_cut_off",
  "alias_flip",
  "levels_change",
  "overload",
  "give_up",
] as const;

/** The name of a kind. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What each is, and when a call is touched by it; a call's own nodes are its client and the servers that it asked. */
export const FAULT_WORDS: Readonly<Record<FaultKind, string>> = {
  loss: "a message is lost on a link of the call's nodes",
  duplicate: "a message arrives twice",
  tails: "a message takes much longer than usual",
  partition: "a message does not pass, since its two ends are cut off from each other",
  server_crash: "a server that the call asked goes down, or is down when the call reaches it",
  replica_crash: "a replica is down when a message of the call's servers reaches it",
  applier_crash: "a server that the call asked goes down at a step of the log",
  slow_engine: "the engine takes its time over a read of the call's servers",
  throttle: "the engine refuses a request of the call's servers for want of throughput",
  unprocessed: "the engine answers a batch of the call's servers in part",
  conflict: "a write of the call's servers meets somebody else's transaction",
  engine_failure:
    "the engine fails inside, before or after it has done what the call's servers asked",
  clock_offset: "a clock of the call's nodes is ahead or behind",
  clock_drift: "a clock of the call's nodes runs too fast or too slow",
  clock_coarse: "clocks show multiples of a millisecond or more",
  cache_evict: "the cache drops an entry when the call's servers ask it",
  cache_silent: "the cache does not answer the call's servers",
  cache_late: "the cache's answer comes late",
  cache_slow_write: "a write of the call's servers takes long to leave for the primary",
  cache_flush: "the cache forgets everything",
  cache_away: "the cache is down when a message of the call's servers reaches it",
  cache_cut_off: "a server that the call asked does not reach the cache",
  alias_flip: "the alias that the call reads by points, or comes to point, elsewhere",
  levels_change: "the namespace's service levels change",
  overload: "a server refuses the call, having too much to do",
  give_up: "the caller gives up",
};

/** A kind as one bit. */
export function faultBit(kind: FaultKind): number {
  return 1 << FAULT_KINDS.indexOf(kind);
}
