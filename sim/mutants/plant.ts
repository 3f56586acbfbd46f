/** Plants a bug in this thread: every module loaded from here on is looked at. */
import { registerHooks } from "node:module";
import { type Change, plant } from "./mutant.ts";

/** Plants `mutant`. Returns a function that says whether its file has been loaded since. */
export function plantOnLoad(mutant: Change): () => boolean {
  let planted = false;
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(`/${mutant.file}`) || loaded.source === undefined) return loaded;
      planted = true;
      const source =
        typeof loaded.source === "string"
          ? loaded.source
          : Buffer.from(loaded.source as Uint8Array).toString();
      return { ...loaded, source: plant(mutant, source) };
    },
  });
  return () => planted;
}
