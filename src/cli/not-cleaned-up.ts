/** Clean-up that fails. */
import { visible } from "./visible.ts";

/** What was found must not be lost because the clean-up after it failed: it is said, and nothing else. */
export function notCleanedUp(name: string): (error: unknown) => void {
  return (error) => {
    process.stderr.write(`kvdal: not cleaned up after ${name}: ${visible(String(error))}\n`);
  };
}
