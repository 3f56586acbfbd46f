import { cpus } from "node:os";
import type { BenchPlace } from "./named-bench.ts";

/** This Node on this machine. */
export function benchPlace(): BenchPlace {
  const [cpu] = cpus();
  return {
    node: process.version,
    machine: `${cpus().length} × ${cpu?.model.trim() ?? "unknown"}`,
  };
}
