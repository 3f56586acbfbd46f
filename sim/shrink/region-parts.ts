/** What two regions do to a plan, each as a part that it can do without, and its second region as a whole. */
import { failoverWords } from "../words/region-words.ts";
import { duration, share, spanWords } from "../words/measures.ts";
import type { RegionsPlan } from "../faults/regions.ts";
import { inOneRegion } from "../workload/one-region.ts";
import type { Plan } from "../workload/plan.ts";
import { withChanged } from "../workload/with-changed.ts";
import { kindPart, type Part } from "./part.ts";

/** Its faults: what is late, lost, doubled or cut off between the regions, and the loss of one of them. */
export function regionFaults({ regions }: Plan): readonly Part[] {
  if (regions === undefined) return [];
  const { lag, spread, lossPpm, duplicatePpm, cuts, failovers } = regions;
  const late = `the lag of ${duration(lag)} to ${duration(lag + spread)} between regions`;
  return [
    ...kindPart("region_lag", lag + spread, late),
    ...kindPart("region_loss", lossPpm, `the loss of ${share(lossPpm)} messages between regions`),
    ...kindPart(
      "region_duplicate",
      duplicatePpm,
      `the doubling of ${share(duplicatePpm)} messages between regions`,
    ),
    ...cuts.map((gone) =>
      fault(`the cut between the regions ${spanWords(gone)}`, (left) => ({
        cuts: left.cuts.filter((cut) => cut !== gone),
      })),
    ),
    ...failovers.map((gone) =>
      fault(failoverWords(gone), (left) => ({
        failovers: left.failovers.filter((failover) => failover !== gone),
      })),
    ),
  ];
}

/** What else of it could be plainer: that there is a second region at all. */
export function regionSettings({ regions }: Plan): readonly Part[] {
  if (regions === undefined) return [];
  return [{ kind: "setting", says: "the second region", without: inOneRegion }];
}

function fault(says: string, change: (regions: RegionsPlan) => Partial<RegionsPlan>): Part {
  return { kind: "fault", says, without: (plan) => withChanged(plan, "regions", change) };
}
