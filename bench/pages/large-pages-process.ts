/** What runs in a process of its own: times one kind of large page. */
import { answerApart } from "../apart.ts";
import type { EngineName } from "./engines.ts";
import { type LargePage, type LatencyResult, timeLargePages } from "./large-pages.ts";
import { NAMESPACE, withStore } from "./store.ts";

/** What is to be timed. */
export type LargePageTask = {
  readonly engine: EngineName;
  readonly page: LargePage;
  readonly quick: boolean;
};

await answerApart((task): Promise<LatencyResult> => {
  const { engine, page, quick } = task as LargePageTask;
  const address = { namespace: NAMESPACE, id: page.name };
  return withStore(engine, ({ store: { client }, bare }) =>
    timeLargePages({ client, address, bare }, page, quick),
  );
});
