/**
 * Codes of all events of a plan's world, each with its words. Fingerprints are made of them: none of them changes.
 * What is below all of them is a link of the network, by which a message arrives.
 */

/** A kind of event. */
export type EventKind = {
  readonly code: number;
  /** What is added to its code: the number of a node or a server's place; without it, nothing. */
  readonly of?: "node" | "server";
  /** The least code that is told so, where another kind has its first. */
  readonly from?: number;
  /** `who`: the node or server, in words. */
  readonly says: (who: string) => string;
};

/** Names of the kinds. */
export type EventName =
  | "timer"
  | "stepRestart"
  | "crash"
  | "cleanUp"
  | "flip"
  | "round"
  | "doom"
  | "drainWait"
  | "versionStep"
  | "begin"
  | "heal"
  | "repair"
  | "settled"
  | "firstCleanUp"
  | "lastCleanUp"
  | "readBack"
  | "levels"
  | "drained"
  | "core"
  | "embedded"
  | "hint"
  | "compaction"
  | "join"
  | "outage"
  | "failover"
  | "cacheFlush"
  | "cacheAway"
  | "cacheBack";

/** The kinds. */
export const EVENTS: Readonly<Record<EventName, EventKind>> = {
  timer: { code: 10_000, of: "node", says: (who) => `a timer of ${who} fires` },
  stepRestart: { code: 20_000, says: () => "a server that crashed at a step comes back" },
  // No client crashes: the first node is one.
  crash: {
    code: 20_000,
    from: 20_001,
    of: "node",
    says: (who) => `${who} goes down or comes back`,
  },
  cleanUp: { code: 25_000, says: () => "a clean-up begins, or the alias flips at server 0" },
  flip: { code: 25_000, from: 25_001, of: "server", says: (who) => `the alias flips at ${who}` },
  round: { code: 26_000, says: () => "a server begins a round of its applier" },
  doom: { code: 26_001, of: "server", says: (who) => `the doomed namespace ends at ${who}` },
  drainWait: { code: 27_000, says: () => "the next of the last rounds of appliers is due" },
  versionStep: {
    code: 28_000,
    of: "server",
    says: (who) => `${who} hears that the alias flips, or that a version is gone`,
  },
  begin: { code: 30_000, says: () => "the clients begin" },
  heal: { code: 30_001, says: () => "all faults end" },
  repair: { code: 30_002, says: () => "replicas send each other what they have" },
  settled: { code: 30_003, says: () => "everything has settled" },
  firstCleanUp: { code: 30_004, says: () => "the first clean-up begins" },
  lastCleanUp: { code: 30_005, says: () => "the last clean-up begins" },
  readBack: { code: 30_006, says: () => "everything is read back" },
  levels: { code: 30_007, says: () => "the service levels change" },
  drained: { code: 30_008, says: () => "everything that waited in the log has been applied" },
  core: { code: 30_009, says: () => "the minimal core is left alone, and asked" },
  embedded: { code: 40_000, says: () => "a call within the process arrives" },
  hint: { code: 45_000, of: "node", says: (who) => `${who} sends what a replica may have missed` },
  compaction: { code: 46_000, says: () => "a replica compacts what it has" },
  join: { code: 47_000, of: "node", says: (who) => `${who} asks again for what it has lost` },
  outage: { code: 48_000, of: "node", says: (who) => `an outage of ${who} begins or ends` },
  failover: { code: 49_000, says: () => "a region is lost, or comes back" },
  cacheFlush: { code: 50_000, says: () => "the cache is emptied" },
  cacheAway: { code: 50_001, says: () => "the cache goes down" },
  cacheBack: { code: 50_002, says: () => "the cache comes back, empty" },
};

const DOWNWARDS: readonly EventKind[] = Object.values(EVENTS).toSorted(
  (a, b) => firstOf(b) - firstOf(a),
);

function firstOf({ code, from = code }: EventKind): number {
  return from;
}

/** The kind of such an event; undefined for a message. */
export function kindOf(code: number): EventKind | undefined {
  return DOWNWARDS.find((kind) => code >= firstOf(kind));
}

/** The code of a message's arrival is the number of one node times this, and the other's. */
const LINK = 64;

/** The nodes of the link by which a message arrives: of an event that is of no other kind. */
export function linkOf(code: number): readonly [from: number, to: number] {
  return [Math.floor(code / LINK), code % LINK];
}

/** The node at which such an event happens; undefined where it is not at one. */
export function nodeOf(code: number): number | undefined {
  const kind = kindOf(code);
  if (kind === undefined) return linkOf(code)[1];
  return kind.of === "node" ? code - kind.code : undefined;
}
