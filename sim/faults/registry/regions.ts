/** Faults between two regions, and the loss of one of them. */
import { MILLISECOND } from "kvdal";
import { REGION_LAGS, REGION_PPM } from "../regions.ts";
import type { FaultEntry } from "./entry.ts";

const REGION = { family: "region" } as const;
const PPM = {
  ...REGION,
  low: Math.min(...REGION_PPM),
  high: Math.max(...REGION_PPM),
  unit: "ppm",
  drawn: "of a list",
} as const;
const SPAN = {
  ...REGION,
  low: 20 * MILLISECOND,
  high: 200 * MILLISECOND,
  unit: "us",
  drawn: "evenly",
} as const;
const REACHED = "its receiver was up";

/** The faults. */
export const REGION_ENTRIES: readonly FaultEntry[] = [
  {
    ...REGION,
    name: "region_lag",
    what: "what one region sends the other takes longer",
    knob: "regions.lag, regions.spread",
    low: Math.min(...REGION_LAGS),
    high: 2 * Math.max(...REGION_LAGS),
    unit: "us",
    drawn: "of a list",
    mattered: "it came later than any within a region that is not held up",
  },
  {
    ...PPM,
    name: "region_loss",
    what: "what one region sends the other is lost",
    knob: "regions.lossPpm",
    mattered: REACHED,
  },
  {
    ...PPM,
    name: "region_duplicate",
    what: "what one region sends the other arrives twice",
    knob: "regions.duplicatePpm",
    mattered: REACHED,
  },
  {
    ...SPAN,
    name: "region_cut",
    what: "nothing passes between the regions, both of which go on",
    knob: "regions.cuts",
    mattered: REACHED,
  },
  {
    ...SPAN,
    name: "region_failover",
    what: "a region is down, or reached by nobody; its clients go on in the other one",
    knob: "regions.failovers",
    mattered: "a client of it called the other region",
  },
];
