/**
 * How the program is called where this runs, for lines that a reader is to copy: by the checkout's own script, where
 * files are TypeScript, or as a package that is installed.
 */
import { extname } from "node:path";

export const PROGRAM: string =
  extname(import.meta.filename) === ".ts" ? "npm run kvdal --" : "npx kvdal";
