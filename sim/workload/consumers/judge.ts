/** What a consumer says of its world, beside the oracles. */
import type { Judge } from "../../check/index.ts";
import type { VersionsHistory } from "../../versions-run.ts";
import type { Plan } from "../plan.ts";
import { consumerNamed } from "./list.ts";

/** The judge of a plan's world: its consumer's own measure first, where it has one, and then whoever judges any world. */
export function judgeOf(plan: Plan, versions: VersionsHistory | undefined, judgedBy: Judge): Judge {
  const { workload } = plan;
  if (workload === undefined) return judgedBy;
  return (history) => {
    const own = consumerNamed(workload).check({ plan, history, versions });
    const verdict = judgedBy(history);
    if (own === undefined) return verdict;
    return { ...own, also: verdict === undefined ? [] : [verdict.rule, ...verdict.also] };
  };
}
