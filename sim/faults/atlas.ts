/**
 * The fault atlas: which troubles a world may have beside each other without more damage than the contract survives.
 * Of the replicas only one ever loses anything, clocks stay within their profile, a node is down by one cause at a
 * time. What a world survives is decided when it is drawn, so that a lost write is always a bug.
 */
import type { Micros } from "kvdal";
import { FREEZES, LOSSES, OUTAGES, STEPS } from "./trouble-groups.ts";
import type { Trouble, TroubleBounds } from "./trouble.ts";

/** The troubles that are left, some of them smaller than they were drawn. */
export function atlas(troubles: readonly Trouble[], bounds: TroubleBounds): readonly Trouble[] {
  const left: Trouble[] = [];
  const damaged = troubles.find(({ kind }) => LOSSES.has(kind))?.node;
  // In the order of time: where a clock stands depends on what befell it before.
  for (const drawn of troubles.toSorted((a, b) => a.at - b.at)) {
    const trouble = LOSSES.has(drawn.kind) ? lossOf(drawn, damaged as number, bounds) : drawn;
    const fitting = clockFits(trouble, left, bounds);
    if (fitting !== undefined && !isDownAlready(fitting, left, bounds)) left.push(fitting);
  }
  return left;
}

/** A replica that lost something stays away until all that it has acknowledged is decided elsewhere. */
function lossOf(drawn: Trouble, node: number, { until }: TroubleBounds): Trouble {
  return { ...drawn, node, until: Math.min(drawn.until, until) };
}

/** One outage of a node at a time. */
function isDownAlready(
  trouble: Trouble,
  others: readonly Trouble[],
  { crashes }: TroubleBounds,
): boolean {
  if (!OUTAGES.has(trouble.kind)) return false;
  const outages = [...crashes, ...others.filter(({ kind }) => OUTAGES.has(kind))];
  return outages.some(
    ({ node, at, until }) => node === trouble.node && at <= trouble.until && trouble.at <= until,
  );
}

/** A trouble of a clock, made so small that the clock stays within its profile; undefined where that leaves nothing. */
function clockFits(
  trouble: Trouble,
  others: readonly Trouble[],
  { profile, clocks, topology }: TroubleBounds,
): Trouble | undefined {
  const { kind, node, at, by } = trouble;
  if (!STEPS.has(kind) && !FREEZES.has(kind)) return trouble;
  const { offsetMax } = profile;
  const offset = clocks[node]?.offset ?? 0;
  // A client that is days off stays so; one clock has one trouble of a kind that adds up.
  const isFar = Math.abs(offset) > offsetMax && node < topology.clients;
  const same = others.filter((other) => other.node === node);
  if (isFar || same.some((each) => FREEZES.has(each.kind) || each.kind === "clock_smear")) {
    return undefined;
  }
  const shown = same.reduce((sum, each) => (STEPS.has(each.kind) ? sum + each.by : sum), offset);
  const room = kind === "clock_step_forward" ? offsetMax - shown : shown + offsetMax;
  if (kind === "clock_smear") return smearWithin(trouble, shown, offsetMax);
  const most = Math.min(by, room);
  if (most < LEAST) return undefined;
  if (kind === "clock_freeze") return { ...trouble, by: 0, until: at + most };
  return { ...trouble, by: kind === "clock_step_back" ? -most : most };
}

/** A smear leads to the other side of true time, and never back: the clock runs at half its rate at least. */
function smearWithin(trouble: Trouble, shown: Micros, offsetMax: Micros): Trouble | undefined {
  const room = shown > 0 ? shown + offsetMax : offsetMax - shown;
  const most = Math.min(trouble.by, room, Math.floor((trouble.until - trouble.at) / 2));
  if (most < LEAST) return undefined;
  return { ...trouble, by: shown > 0 ? -most : most };
}

const LEAST: Micros = 50;
