/** The way to a DynamoDB that the SDK has. Apart from what a wire is: no declaration of that needs the SDK. */
import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { Library } from "./library.ts";
import type { DynamodbAction, DynamodbWire } from "./wire.ts";

/** The wire of the SDK's client, which it owns from now on. */
export function sdkWire(sdk: Library, client: Sdk.DynamoDBClient): DynamodbWire {
  const commands: Readonly<Record<DynamodbAction, unknown>> = {
    BatchGetItem: sdk.BatchGetItemCommand,
    CreateTable: sdk.CreateTableCommand,
    DeleteItem: sdk.DeleteItemCommand,
    DescribeTable: sdk.DescribeTableCommand,
    DescribeTimeToLive: sdk.DescribeTimeToLiveCommand,
    GetItem: sdk.GetItemCommand,
    PutItem: sdk.PutItemCommand,
    Query: sdk.QueryCommand,
    Scan: sdk.ScanCommand,
    UpdateTimeToLive: sdk.UpdateTimeToLiveCommand,
  };
  return {
    send: (action, input, { abortSignal }) => {
      const Command = commands[action] as new (input: object) => Sdk.GetItemCommand;
      return client.send(new Command(input), { abortSignal });
    },
    destroy: () => client.destroy(),
  };
}
