/** Corruptors of what two regions have of a write, and of what their readers are given. */
import { changeOne, type Corruptor, ofRead } from "./corruptor.ts";

/** Each in worlds that all have two regions. */
export const REGIONS: readonly Corruptor[] = [
  {
    name: "write-late-to-a-region",
    what: "a write comes later to the other region than links take",
    hasRegions: true,
    corrupt: (history, random) => {
      const { arrivesWithin = Number.POSITIVE_INFINITY } = history;
      if (arrivesWithin === Number.POSITIVE_INFINITY) return undefined;
      const writes = changeOne(history.writes, random, (write) => {
        const { regions, acknowledged } = write;
        if (regions === undefined) return undefined;
        const arrived = regions.arrived.with(
          1 - regions.acknowledgedIn,
          acknowledged + arrivesWithin + 1,
        );
        return { ...write, regions: { ...regions, arrived } };
      });
      return writes && { ...history, writes };
    },
  },
  {
    name: "arrived-write-not-shown",
    what: "a reader is not given what another region acknowledged, though it has arrived",
    hasRegions: true,
    corrupt: ofRead((read, { history: { writes } }) => {
      const { answeredIn = [], begun, items } = read;
      const shown = items.find(({ valueFrom }) => {
        const regions = writes.find(({ operation }) => operation === valueFrom)?.regions;
        return answeredIn.some(
          (region) =>
            regions !== undefined &&
            region !== regions.acknowledgedIn &&
            (regions.owed[region] ?? begun) < begun,
        );
      });
      return shown && { ...read, items: items.filter((item) => item !== shown) };
    }),
  },
];
