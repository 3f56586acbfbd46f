/** Operations that read everything back, once a world has healed. */
import type { Operation } from "./operation.ts";

/** One a record, numbered from `first` on, each of the whole of it. */
export function readBackOperations(
  records: number,
  keyCount: number,
  first: number,
): readonly Operation[] {
  return Array.from({ length: records }, (_, record) => ({
    index: first + record,
    think: 0,
    giveUp: 0,
    record,
    kind: "page" as const,
    from: 0,
    to: keyCount,
    pageBytes: 4_096,
    itemLimit: 0,
    reverse: false,
    byAlias: false,
  }));
}
