/** Seeds that follow from a commit: everybody who checks it out comes to the same, and each commit to others. */
import { execFileSync } from "node:child_process";

/** The hash of the commit that is checked out in this folder. Throws what git says where there is none. */
export function commitIn(folder: string): string {
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  return execFileSync("git", ["rev-parse", "HEAD"], {
    cwd: folder,
    encoding: "utf8",
    stdio,
  }).trim();
}

/** By 28 bits of its hash, from 1 on, so that there is room for any number of seeds above. */
export function seedOf(hash: string): number {
  return 1 + Number.parseInt(hash.slice(0, 7), 16);
}
