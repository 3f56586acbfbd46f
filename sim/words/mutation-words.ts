/** Mutations of lists by their place, as verdicts name them. */
import type { Plan } from "../workload/plan.ts";

/** What puts `mutation 4 of 193`, counted from 1, in place of `#1003093`; numbers of other operations stay as they are. */
export function byPlace({ operations }: Pick<Plan, "operations">): (text: string) => string {
  const names = new Map<string, string>(
    operations.flat().flatMap((each) => {
      const { index } = each;
      if (each.kind !== "list") return [];
      return each.mutations.map(
        ({ operation }, place) => [`#${operation}`, `mutation ${place + 1} of ${index}`] as const,
      );
    }),
  );
  return (text) => text.replaceAll(/#\d+/gu, (told) => names.get(told) ?? told);
}
