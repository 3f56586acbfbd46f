/** Whether the nodes of a cluster have the same schema: a table that one has just made is not at once everywhere. */
import type { Client, Host, types } from "cassandra-driver";

/** Longest wait for one node's answer, milliseconds: one that hangs will learn of the schema when it goes on. */
const ANSWER_MILLIS = 1000;

/**
 * Whether all nodes have the same schema version. Each that the driver is connected to is asked, for its own and for
 * what it has heard of the others: hearsay alone lags, and would call the schema settled before news of a change had
 * come round. Nodes that are said to be down count as well: one that was only slow serves on, was not sent the change,
 * and asks for it by itself after a minute.
 */
export async function allAgree(client: Client): Promise<boolean> {
  const hosts = client.getState().getConnectedHosts();
  const answers = await Promise.all(hosts.map((host) => versionsAt(client, host)));
  return answers.every((rows) => rows !== undefined) && areEqual(answers.flat());
}

/** The host's own version and those of its peers; undefined when it does not answer. */
async function versionsAt(client: Client, host: Host): Promise<readonly types.Row[] | undefined> {
  const [own, peers] = await Promise.all([
    ask(client, host, "SELECT schema_version FROM system.local"),
    ask(client, host, "SELECT schema_version FROM system.peers"),
  ]);
  return own && peers && [...own, ...peers];
}

/** Whether those nodes agree that answer here and now, each asked by itself; for when one hangs. */
export async function reachedAgree(client: Client): Promise<boolean> {
  const hosts = client.getState().getConnectedHosts();
  const query = "SELECT schema_version FROM system.local";
  const answers = await Promise.all(hosts.map((host) => ask(client, host, query)));
  return areEqual(answers.flatMap((rows) => rows ?? []));
}

function areEqual(rows: readonly types.Row[]): boolean {
  return new Set(rows.map((row) => String(row["schema_version"]))).size < 2;
}

async function ask(
  client: Client,
  host: Host,
  query: string,
): Promise<readonly types.Row[] | undefined> {
  try {
    return (await client.execute(query, [], { host, readTimeout: ANSWER_MILLIS })).rows;
  } catch {
    return undefined;
  }
}
