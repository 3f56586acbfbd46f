import { commitIn, seedOf } from "../../src/cli/sim/seed-of-commit.ts";
import { PROJECT_ROOT } from "./run-program.ts";

/** Read by `test/properties.ts`. */
export const SEED_VARIABLE = "KVDAL_PROPERTY_SEED";

/** The seed of properties that follows from the commit that is checked out; undefined outside of a checkout. */
export function seedOfCheckout(): number | undefined {
  try {
    return seedOf(commitIn(PROJECT_ROOT));
  } catch {
    return undefined;
  }
}
