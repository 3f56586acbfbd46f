import { execFileSync } from "node:child_process";
import { PROJECT_ROOT } from "./run-program.ts";

/** Read by `test/properties.ts`. */
export const SEED_VARIABLE = "KVDAL_PROPERTY_SEED";

/** By 28 bits of the hash of a commit, from 1 on. */
export function seedOf(hash: string): number {
  return 1 + Number.parseInt(hash.slice(0, 7), 16);
}

/** The seed that follows from the commit that is checked out; undefined outside of a checkout. */
export function seedOfCheckout(): number | undefined {
  try {
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
    const options = { cwd: PROJECT_ROOT, encoding: "utf8", stdio } as const;
    return seedOf(execFileSync("git", ["rev-parse", "HEAD"], options));
  } catch {
    return undefined;
  }
}
