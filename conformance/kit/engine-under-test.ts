/** What a module exports for its engine to be judged by the program: `kvdal conformance ./my-engine.ts`. */
import type { Micros } from "kvdal";
import type { EngineAdapter } from "kvdal/engine";
import type { DropTable } from "./door.ts";

/** An engine that is there to be opened, with what only its author knows. */
export type EngineUnderTest = {
  /** Expiry is judged by the callers' clocks alone: the engine removes nothing by its own. */
  readonly adapter: EngineAdapter;
  /** The same engine where it removes expired rows by its own clock, and how soon after its time one is gone. */
  readonly engineClock?: { readonly adapter: EngineAdapter; readonly removalWithin: Micros };
  /** Removes a table with its data, where tables cost the engine something. */
  readonly dropTable?: DropTable;
  /** Ends what was started or made for it; called when the engines are closed. */
  readonly stop?: () => Promise<void>;
};
