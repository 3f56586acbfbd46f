/** What a server remembers of its namespaces, and that it forgets the first of more than a thousand (RES-2). */
import { MILLISECOND, SECOND, utf8 } from "kvdal";
import type { ServerFacts } from "kvdal/client";
import { differences, tableDifference } from "./difference.ts";
import type { ExactCall } from "./exact-call.ts";
import { House, HOUSE } from "./house.ts";

const ID = "many";
/** That are remembered. */
const MOST = 1_000;
const ITEM = { key: utf8("k"), value: new Uint8Array(2_000) };

const REMEMBERED: ExactCall = {
  rule: "RES-2",
  says: "the load and the sizes of a namespace before and after a thousand others",
  ask: async (asked) => {
    if (!asked.isThorough) return undefined;
    const slo = { read: { target: MILLISECOND, max: SECOND } };
    const house = await House.open(asked, { slo }, { more: MOST });
    const { store } = house;
    const limits: number[] = [];
    house.instead = {
      readRange: (read, call) => {
        limits.push(read.rowLimit);
        if (read.id === ID) house.pass(2 * MILLISECOND);
        return store.readRange(read, call);
      },
    };
    const request = { kind: "get_items", id: ID, predicate: { kind: "match_all" }, selection: {} };
    const look = async (): Promise<readonly unknown[]> => {
      // What is told of load is as it was for a tenth of a second.
      house.pass(SECOND / 10);
      const { server } = (await house.straight(request)) as { readonly server: ServerFacts };
      return [server.utilization.latency.overTarget, ...limits.splice(0)];
    };
    const others = async (from: number, to: number): Promise<void> => {
      for (let i = from; i < to; i += 1) {
        await house.straight({ ...request, namespace: `${HOUSE}_${i + 1}`, id: "none" });
      }
      limits.length = 0;
    };
    const items = [ITEM];
    await house.client().putItems({ namespace: HOUSE, id: ID, items, token: asked.token() });
    const found = [await look(), await look()];
    await others(0, MOST - 1);
    found.push(await look());
    await others(MOST - 1, MOST);
    found.push(await look());
    // Of a namespace that it knows nothing of it asks for as many rows as if they were small.
    const rows = ["at first", "once more", "after 999 others", "after a thousand others"];
    const columns = ["percent over target", "rows asked for"];
    return tableDifference({ rows, columns }, found, [
      [0, 64],
      [50, 34],
      [67, 34],
      [0, 64],
    ]);
  },
};

/** One beside another makes nothing forgotten. */
const BY_TURNS: ExactCall = {
  rule: "RES-2",
  says: "rows asked for in a namespace before and after another one was read",
  ask: async (asked) => {
    const house = await House.open(asked, {}, { more: 1 });
    const { store } = house;
    const limits: number[] = [];
    house.instead = {
      readRange: (read, call) => {
        limits.push(read.rowLimit);
        return store.readRange(read, call);
      },
    };
    const client = house.client();
    const at = { namespace: HOUSE, id: ID };
    await client.putItems({ ...at, items: [ITEM], token: asked.token() });
    await client.getItems(at);
    await client.getItems(at);
    await client.getItems({ namespace: `${HOUSE}_1`, id: "none" });
    await client.getItems(at);
    return differences([["rows", limits, [64, 34, 64, 34]]]);
  },
};

/** Asked last. */
export const MANY_NAMESPACES: readonly ExactCall[] = [BY_TURNS, REMEMBERED];
