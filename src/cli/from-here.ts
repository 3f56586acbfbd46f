/** A path as somebody types it, who stands where the program was started: it means the same on another machine. */
import { relative } from "node:path";

/** The path from the working folder on. */
export function fromHere(path: string): string {
  return relative(process.cwd(), path);
}
