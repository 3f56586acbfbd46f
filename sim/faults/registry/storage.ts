/** Faults of what replicas store on. At most one replica of a world loses anything: what a quorum has survives. */
import { MILLISECOND } from "kvdal";
import type { FaultEntry } from "./entry.ts";

const TROUBLE = {
  family: "storage",
  knob: "troubles",
  drawn: "log-uniform",
  unit: "none",
  low: 0,
  high: 0,
} as const;
const LASTS = [5 * MILLISECOND, 150 * MILLISECOND] as const;

/** The faults. */
export const STORAGE_FAULTS: readonly FaultEntry[] = [
  {
    ...TROUBLE,
    name: "torn_write",
    what: "of what a replica had not synced when it went down, the first part is there again",
    mattered: "there was more than one write of it",
    trouble: { nodes: "replicas", lasts: [1 * MILLISECOND, 60 * MILLISECOND] },
  },
  {
    ...TROUBLE,
    name: "lost_sync",
    what: "a replica goes down and has lost what it synced last; it sees so, and answers no reads before it is whole",
    unit: "us",
    low: 1_000,
    high: 100_000,
    mattered: "it had synced anything since",
    trouble: { nodes: "replicas", lasts: [1 * MILLISECOND, 60 * MILLISECOND] },
  },
  {
    ...TROUBLE,
    name: "corruption",
    what: "some of a replica's log is damaged; its checksums say so, and it answers no reads before it is whole",
    unit: "ppm",
    low: 20_000,
    high: 500_000,
    mattered: "any of its writes was hit",
    trouble: { nodes: "replicas", lasts: [0, 0] },
  },
  {
    ...TROUBLE,
    name: "disk_full",
    what: "a replica has no room: it refuses every second write",
    mattered: "it refused one",
    trouble: { nodes: "replicas", lasts: LASTS },
  },
  {
    ...TROUBLE,
    name: "read_only",
    what: "a replica refuses all writes",
    mattered: "it refused one",
    trouble: { nodes: "replicas", lasts: LASTS },
  },
  {
    ...TROUBLE,
    name: "stall",
    what: "a replica compacts: its answers come late, its syncs too",
    unit: "us",
    low: 1_000,
    high: 25_000,
    mattered: "it answered meanwhile",
    trouble: { nodes: "replicas", lasts: LASTS },
  },
];
