/** What runs in a process of its own: times one kind of large page, and tells its parent. */
import type { LargePageTask } from "./large-pages-apart.ts";
import { timeLargePages } from "./large-pages.ts";
import { NAMESPACE, withStore } from "./store.ts";

const { engine, page, quick } = JSON.parse(process.argv[2] ?? "") as LargePageTask;

await withStore(engine, async ({ store: { client }, bare }) => {
  const address = { namespace: NAMESPACE, id: page.name };
  process.send?.(await timeLargePages({ client, address, bare }, page, quick));
});
process.disconnect();
