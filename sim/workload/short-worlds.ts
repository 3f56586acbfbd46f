/**
 * Worlds whose clients do little: hundreds of them take the time of a few long ones, and each has troubles as dense. Per
 * unit of CPU time they find as many of the planted bugs; what takes a long history, or many calls at a time, they miss.
 */
import { type Micros, MILLISECOND } from "kvdal";

/** What a client does in one. */
export const SHORT_OPERATIONS = 3;

/** A world whose clients do more is none of them. */
const SHORT_MOST = 12;

/** Faults are over by then. */
const HEAL_AT: Micros = 400 * MILLISECOND;
/** In a short world: clients are done by then, mostly. */
const HEAL_AT_SHORT: Micros = 100 * MILLISECOND;

type Length = { readonly operationsPerClient: number };

/** Whether worlds of clients that do so much are short. */
export function isShort({ operationsPerClient }: Length): boolean {
  return operationsPerClient <= SHORT_MOST;
}

/** When faults end in worlds of clients that do so much. */
export function healAtOf(length: Length): Micros {
  return isShort(length) ? HEAL_AT_SHORT : HEAL_AT;
}
