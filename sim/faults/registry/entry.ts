/** What is known of a kind of fault. */
import type { Micros } from "kvdal";
import type { FaultName } from "./names.ts";

/** Groups of kinds. */
export type FaultFamily =
  | "time"
  | "network"
  | "node"
  | "coordinator"
  | "storage"
  | "backend"
  | "cache"
  | "caller"
  | "region";

/** Nodes that something can befall. */
export type NodeKind = "clients" | "servers" | "replicas" | "members" | "all";

/** A kind of fault. */
export type FaultEntry = {
  readonly name: FaultName;
  readonly family: FaultFamily;
  /** What happens. */
  readonly what: string;
  /** Field of a plan that says how much of it there is. */
  readonly knob: string;
  /** From the least that is drawn to the most, where there is any. */
  readonly low: number;
  readonly high: number;
  readonly unit: "us" | "ppm" | "times" | "none";
  readonly drawn: "log-uniform" | "evenly" | "of a list";
  /** When one that fired counts as one that mattered. */
  readonly mattered: string;
  /** Of a kind that plans list among their troubles: whom it befalls, and how long. `members` are servers and replicas. */
  readonly trouble?: { readonly nodes: NodeKind; readonly lasts: readonly [Micros, Micros] };
};
