/** What two regions do to a plan, each as a part that it can do without, and its second region as a whole. */
import { failoverWords, spanWords } from "../explain/region-words.ts";
import { duration, share } from "../explain/words.ts";
import type { RegionsPlan } from "../faults/regions.ts";
import { inOneRegion } from "../workload/one-region.ts";
import type { Plan } from "../workload/plan.ts";
import type { Part } from "./part.ts";

/** Its faults: what is late, lost, doubled or cut off between the regions, and the loss of one of them. */
export function regionFaults({ regions }: Plan): readonly Part[] {
  if (regions === undefined) return [];
  const { lag, spread, lossPpm, duplicatePpm, cuts, failovers } = regions;
  const late = fault(`the lag of ${duration(lag)} to ${duration(lag + spread)} between regions`, {
    lag: 0,
    spread: 0,
  });
  const loss = fault(`the loss of ${share(lossPpm)} messages between regions`, { lossPpm: 0 });
  const doubling = fault(`the doubling of ${share(duplicatePpm)} messages between regions`, {
    duplicatePpm: 0,
  });
  return [
    ...(lag + spread > 0 ? [late] : []),
    ...(lossPpm > 0 ? [loss] : []),
    ...(duplicatePpm > 0 ? [doubling] : []),
    ...cuts.map((gone) =>
      changed("fault", `the cut between the regions ${spanWords(gone)}`, (left) => ({
        ...left,
        cuts: left.cuts.filter((cut) => cut !== gone),
      })),
    ),
    ...failovers.map((gone) =>
      changed("fault", failoverWords(gone), (left) => ({
        ...left,
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

function fault(says: string, plain: Partial<RegionsPlan>): Part {
  return changed("fault", says, (left) => ({ ...left, ...plain }));
}

function changed(
  kind: Part["kind"],
  says: string,
  change: (regions: RegionsPlan) => RegionsPlan,
): Part {
  return {
    kind,
    says,
    without: (plan) =>
      plan.regions === undefined ? plan : { ...plan, regions: change(plan.regions) },
  };
}
