/** The end of tables that were made for a while: test runs, judgements, simulations. No verb of the port. */
import {
  DeleteTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import type { DynamodbOptions } from "./options.ts";

/** Deletes what it is told to. Each verb rejects with the SDK's error when the service does not answer. */
export type DynamodbJanitor = {
  /** By the name that the engine knows; success also where there is no such table. */
  readonly dropTable: (table: string) => Promise<void>;
  /** Every table whose name begins with the prefix of its options. Throws `RangeError` for no prefix. */
  readonly dropPrefix: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A janitor for the tables of these options. */
export function dynamodbJanitor(options: DynamodbOptions): DynamodbJanitor {
  const { region, endpoint, credentials, tablePrefix = "" } = options;
  const client = new DynamoDBClient({
    ...options.sdk,
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  const drop = async (name: string): Promise<void> => {
    try {
      await client.send(new DeleteTableCommand({ TableName: name }));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  };
  return {
    dropTable: (table) => drop(tablePrefix + table),
    dropPrefix: async () => {
      if (tablePrefix === "") throw new RangeError("the prefix is empty, wanted one to go by");
      for (const name of await allTables(client)) {
        if (name.startsWith(tablePrefix)) await drop(name);
      }
    },
    close: async () => client.destroy(),
  };
}

async function allTables(client: DynamoDBClient): Promise<readonly string[]> {
  const names: string[] = [];
  let last: string | undefined;
  do {
    const page = await client.send(new ListTablesCommand({ ExclusiveStartTableName: last }));
    names.push(...(page.TableNames ?? []));
    last = page.LastEvaluatedTableName;
  } while (last !== undefined);
  return names;
}
