import { KvError } from "../model/error.ts";

/** Whether a configured number is whole, exact and not below `least`. */
export function isWhole(value: number, least: number): boolean {
  return Number.isSafeInteger(value) && value >= least;
}

/** Throws the INVALID_ARGUMENT of a namespace field that is out of bounds (NS-2). */
export function refuse(field: string, found: string | number, wanted: string): never {
  throw new KvError("INVALID_ARGUMENT", `namespace field ${field} is ${found}, wanted ${wanted}`);
}
