/** Faults of clocks and timers. */
import { MILLISECOND } from "kvdal";
import type { FaultEntry } from "./entry.ts";

const READ = "a client or server looked at its clock while it was so";
const FOREVER = [0, 0] as const;
const TROUBLE = { family: "time", knob: "troubles", drawn: "log-uniform", unit: "us" } as const;

/** The faults. */
export const TIME_FAULTS: readonly FaultEntry[] = [
  {
    name: "clock_offset",
    family: "time",
    what: "a clock is ahead or behind; one world in 40 has a client whose clock is, by seconds to days",
    knob: "clocks.offset",
    low: 1,
    high: 172_800_000_000,
    unit: "us",
    drawn: "evenly",
    mattered: "it is the clock of a client or a server",
  },
  {
    name: "clock_drift",
    family: "time",
    what: "a clock runs too fast or too slow",
    knob: "clocks.driftPpm",
    low: 1,
    high: 500,
    unit: "ppm",
    drawn: "evenly",
    mattered: "it is the clock of a client or a server",
  },
  {
    name: "clock_coarse",
    family: "time",
    what: "clocks show multiples of a millisecond or more",
    knob: "clocks.resolution",
    low: MILLISECOND,
    high: 16 * MILLISECOND,
    unit: "us",
    drawn: "of a list",
    mattered: "it is the clock of a client or a server",
  },
  {
    ...TROUBLE,
    name: "clock_step_forward",
    what: "a wall clock is set forward",
    low: 100,
    high: 2_000_000,
    mattered: READ,
    trouble: { nodes: "all", lasts: FOREVER },
  },
  {
    ...TROUBLE,
    name: "clock_step_back",
    what: "a wall clock is set back",
    low: 100,
    high: 2_000_000,
    mattered: READ,
    trouble: { nodes: "all", lasts: FOREVER },
  },
  {
    ...TROUBLE,
    name: "clock_freeze",
    what: "a wall clock stands still, and then shows the time again",
    low: 100,
    high: 200_000,
    mattered: READ,
    trouble: { nodes: "all", lasts: FOREVER },
  },
  {
    ...TROUBLE,
    name: "clock_smear",
    what: "a wall clock is led to another time little by little, as over a leap second",
    low: 100,
    high: 2_000_000,
    mattered: READ,
    trouble: { nodes: "all", lasts: [20 * MILLISECOND, 300 * MILLISECOND] },
  },
  {
    ...TROUBLE,
    name: "clock_apart",
    what: "a monotonic clock runs at another rate than its wall clock",
    unit: "ppm",
    low: 10,
    high: 1_000,
    mattered: "it is the clock of a client or a server",
    trouble: { nodes: "members", lasts: FOREVER },
  },
  {
    ...TROUBLE,
    name: "timers_late",
    what: "timers fire late",
    low: 50,
    high: 20_000,
    mattered: "a timer fired late",
    trouble: { nodes: "servers", lasts: [5 * MILLISECOND, 150 * MILLISECOND] },
  },
];
