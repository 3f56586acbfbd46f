/** What the fidelity check asks of two engines alike: operations at the port, as plain data. */
import type { Micros } from "kvdal";
import type { Consistency, Projection } from "kvdal/engine";

/** A version by small numbers: `time` and `expiry` count from the list's beginning, `nonce` is a byte sixteen times. */
export type DrawnVersion = {
  readonly time: number;
  readonly nonce: number;
  /** Microseconds from the beginning; 0 for none. */
  readonly expiry: Micros;
};

/** A range between two keys, each by its number or open. */
export type DrawnRange = { readonly start?: number; readonly end?: number };

/** A change of a record; keys by their numbers. */
export type DrawnMutation =
  | {
      readonly kind: "put";
      readonly key: number;
      readonly version: DrawnVersion;
      /** Bytes of its value beside a few that tell it from others. */
      readonly padding: number;
    }
  | { readonly kind: "delete_key"; readonly key: number; readonly version: DrawnVersion }
  | { readonly kind: "delete_range"; readonly range: DrawnRange; readonly version: DrawnVersion }
  | { readonly kind: "delete_record"; readonly version: DrawnVersion };

/** The circumstances of a call. */
export type DrawnCall = {
  /** The caller's wall clock, microseconds from the beginning. */
  readonly now: Micros;
  readonly consistency: Consistency;
  /** Whether there is time for it, and somebody who waits. */
  readonly state: "in time" | "late" | "given up";
};

/** One operation on one of a list's records. */
export type FidelityOperation = { readonly record: number; readonly call: DrawnCall } & (
  | { readonly kind: "write"; readonly mutations: readonly DrawnMutation[] }
  | {
      readonly kind: "put_if_absent";
      readonly put: Extract<DrawnMutation, { kind: "put" }>;
    }
  | {
      readonly kind: "read_keys";
      readonly keys: readonly number[];
      readonly projection: Projection;
    }
  | {
      readonly kind: "read_range";
      readonly range: DrawnRange;
      readonly reverse: boolean;
      readonly rowLimit: number;
      readonly projection: Projection;
    }
  | { readonly kind: "scan"; readonly segments: number; readonly rowLimit: number }
  | { readonly kind: "sweep" }
);

/** A list of operations over some keys. */
export type FidelityList = {
  readonly keys: readonly Uint8Array[];
  readonly operations: readonly FidelityOperation[];
};
