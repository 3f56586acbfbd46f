/** Changes code of this process while it is loaded: every module from here on is looked at. */
import { registerHooks } from "node:module";
import { type Change, plant } from "./mutant.ts";

/** What becomes of a source. */
type ChangeSource = (source: string) => string;

/** The top of the tree, as sources or as what was built from them. */
const TOP = new URL("../../", import.meta.url).href;

/**
 * Changes files by their paths from the top of the tree; what was built from one counts as it does. Returns a function
 * that says whether all of them have been loaded since.
 */
export function changeOnLoad(changes: ReadonlyMap<string, ChangeSource>): () => boolean {
  const missing = new Set(changes.values());
  const byUrl = new Map<string, ChangeSource>();
  for (const [file, change] of changes) {
    byUrl.set(TOP + file, change);
    byUrl.set(TOP + file.replace(/\.ts$/, ".js"), change);
  }
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      const change = byUrl.get(url);
      if (change === undefined || loaded.source === undefined) return loaded;
      const source =
        typeof loaded.source === "string"
          ? loaded.source
          : Buffer.from(loaded.source as Uint8Array).toString();
      missing.delete(change);
      return { ...loaded, source: change(source) };
    },
  });
  return () => missing.size === 0;
}

/** Plants `mutant`. Returns a function that says whether its file has been loaded since. */
export function plantOnLoad(mutant: Change): () => boolean {
  return changeOnLoad(new Map([[mutant.file, (source) => plant(mutant, source)]]));
}
