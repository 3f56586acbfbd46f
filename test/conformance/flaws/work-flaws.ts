/** What can be wrong with the work behind a call: more of it than needed, or some left when the call is over. */
import type { CallOptions } from "../../../src/client/call.ts";
import type { GetItemsInput } from "../../../src/client/inputs.ts";
import type { KvClient } from "../../../src/client/kv-client.ts";
import { ALL_KEYS } from "../../../src/model/range.ts";
import { KvError } from "../../../src/model/error.ts";
import type { Env } from "../../../src/ports/env.ts";
import { clientFlaw, engineFlaw, type Flaw } from "./flaw.ts";

export const workFlaws: readonly Flaw[] = [
  clientFlaw("gives up without telling anybody", (client) => ({
    putItems: (input, options) => alone(options, (rest) => client.putItems(input, rest)),
    getItems: (input, options) => alone(options, (rest) => client.getItems(input, rest)),
    deleteItems: (input, options) => alone(options, (rest) => client.deleteItems(input, rest)),
  })),
  clientFlaw("leaves a timer when its caller gives up", (client, _number, env) => ({
    getItems: (input, options) => client.getItems(input, options).catch(leavesTimer(env)),
  })),
  clientFlaw("leaves a listener", (client) => ({
    getItems: (input, options) => {
      options?.signal?.addEventListener("abort", () => undefined);
      return client.getItems(input, options);
    },
  })),
  clientFlaw("deletes a record item by item", (client) => ({
    deleteItems: async (input, options) => {
      if (input.predicate !== undefined && input.predicate.kind !== "match_all") {
        return client.deleteItems(input, options);
      }
      await deleteEach(client, input);
      return client.deleteItems(input, options);
    },
  })),
  engineFlaw("looks at the whole record", {
    rangePage: (page, _read, record) => {
      let rows = 0;
      record.rows.visit(ALL_KEYS, false, () => {
        rows += 1;
        return true;
      });
      return { ...page, rowsExamined: rows };
    },
  }),
];

/** Answers a caller that gives up, and lets the work go on. */
async function alone<T>(
  options: CallOptions | undefined,
  work: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const { signal, ...rest } = options ?? {};
  const answer = work(rest);
  if (signal === undefined) return answer;
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(new KvError("CANCELLED", "wanted no more"));
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

function leavesTimer(env: Env): (error: unknown) => never {
  return (error) => {
    if (error instanceof KvError && error.code === "CANCELLED") {
      env.timers.after(3600e6, () => undefined);
    }
    throw error;
  };
}

async function deleteEach(client: KvClient, { namespace, id }: GetItemsInput): Promise<void> {
  const { items } = await client.getItems({ namespace, id });
  for (const { key } of items) {
    await client.deleteItems({ namespace, id, predicate: { kind: "match_keys", keys: [key] } });
  }
}
