/** Changes code of this process while it is loaded: every module from here on is looked at. */
import { registerHooks } from "node:module";
import { type Change, plant } from "./mutant.ts";

/** What becomes of a source. */
type ChangeSource = (source: string) => string;

/** The top of the tree, as sources or as what was built from them. */
const TOP = new URL("../../", import.meta.url).href;

/** Changes files by their paths from the top of the tree; what was built from one counts as it does. */
export function changeOnLoad(changes: ReadonlyMap<string, ChangeSource>): void {
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
      return { ...loaded, source: change(source) };
    },
  });
}

/** Plants `mutant`. Returns a function that says whether its file has been loaded since. */
export function plantOnLoad(mutant: Change): () => boolean {
  let planted = false;
  const change = (source: string): string => {
    planted = true;
    return plant(mutant, source);
  };
  changeOnLoad(new Map([[mutant.file, change]]));
  return () => planted;
}
