/** What the processes that hunt machine-made mutants are told and tell: plain data. */
import type { Failure } from "kvdal/sim";
import type { MachineMutant } from "./machine-mutant.ts";
import type { WorldName } from "./worlds.ts";

/** What the process that looks at coverage tells: of every world, and once what runs while modules are loaded. */
export type CoverMessage =
  | {
      readonly world: WorldName;
      readonly ran: readonly string[];
      readonly done: number;
      readonly of: number;
    }
  | { readonly onLoad: readonly string[] };

/** How to hunt one mutant: in these worlds, until one fails. */
export type MutateTask = {
  readonly mutant: MachineMutant;
  readonly worlds: readonly WorldName[];
  /** CPU time after which a world counts as one that never ends. */
  readonly secondsPerWorld: number;
};

/**
 * What such a process tells: that a world begins, and how the hunt ended. One that ends without that was ended by the
 * mutant, if a world had begun; the first does before any module is loaded.
 */
export type MutateMessage =
  | { readonly begun: number }
  | { readonly failure: Failure }
  | { readonly survived: true }
  | { readonly error: string };
