/** A program of ours that is started as a process of its own: TypeScript in a checkout, JavaScript in the package. */
import { extname, join } from "node:path";

/** Where the source file that is spelled so, from a module on, lies here. */
export function programFile(spelled: string, from: ImportMeta): string {
  return join(from.dirname, spelled.replace(/\.ts$/, extname(from.filename)));
}
