/** Which reads the history calls "at once": those of one look, since others show several moments. */
import { expect, test } from "vitest";
import type { KvClient } from "kvdal";
import { openOperation } from "../../sim/workload/open-operation.ts";
import { perform, type Task } from "../../sim/workload/perform.ts";

const get = { index: 1, think: 0, giveUp: 0, record: 0, kind: "get", keys: [0, 1] } as const;
type Page = { readonly items: readonly []; readonly nextPageToken: Uint8Array | undefined };

/** Whether a get is at once of which each page took so many looks. */
async function isAtOnce(...looks: readonly number[]): Promise<boolean> {
  const open = openOperation(get, 0, 0);
  let turn = 0;
  const getItems = async (): Promise<Page> => {
    open.inSteps ||= (looks[turn] ?? 0) > 1;
    turn += 1;
    return { items: [], nextPageToken: turn < looks.length ? Uint8Array.of(turn) : undefined };
  };
  const task = { operation: get, id: "0", keys: [Uint8Array.of(0), Uint8Array.of(1)], open };
  const places = { namespaceOf: () => "sim" };
  await perform({ getItems } as unknown as KvClient, { ...task, places } as unknown as Task);
  expect(open.error).toBeUndefined();
  return open.atOnce;
}

test("a get is at once where it came in one page, for which a server looked once", async () => {
  expect(await isAtOnce(1)).toBe(true);
  expect(await isAtOnce(2)).toBe(false);
  expect(await isAtOnce(1, 1)).toBe(false);
});
