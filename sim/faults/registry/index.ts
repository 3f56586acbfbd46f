/** The registry: every kind of fault that worlds know, by the name under which it is drawn, counted and reported. */
import { ENGINE_FAULTS } from "./engine.ts";
import type { FaultEntry } from "./entry.ts";
import { type FaultName, TROUBLE_NAMES, type TroubleName } from "./names.ts";
import { NETWORK_FAULTS } from "./network.ts";
import { NODE_FAULTS } from "./node.ts";
import { REGION_ENTRIES } from "./regions.ts";
import { STORAGE_FAULTS } from "./storage.ts";
import { TIME_FAULTS } from "./time.ts";

export {
  FAULT_NAMES,
  type FaultName,
  SPARED_NAMES,
  type SparedName,
  TROUBLE_NAMES,
  type TroubleName,
} from "./names.ts";
export type { FaultEntry } from "./entry.ts";

/** All kinds, family by family. */
export const FAULTS: readonly FaultEntry[] = [
  ...TIME_FAULTS,
  ...NETWORK_FAULTS,
  ...NODE_FAULTS,
  ...STORAGE_FAULTS,
  ...ENGINE_FAULTS,
  ...REGION_ENTRIES,
];

/** A kind that plans list among their troubles. */
export type TroubleEntry = FaultEntry &
  Required<Pick<FaultEntry, "trouble">> & { readonly name: TroubleName };

function isTrouble(entry: FaultEntry): entry is TroubleEntry {
  return TROUBLE_NAMES.some((name) => name === entry.name);
}

/** Those that plans list among their troubles. */
export const TROUBLES: readonly TroubleEntry[] = FAULTS.filter(isTrouble);

/** Where a kind stands in the registry: what counts are kept by. */
export function faultPlace(name: FaultName): number {
  return FAULTS.findIndex((entry) => entry.name === name);
}
