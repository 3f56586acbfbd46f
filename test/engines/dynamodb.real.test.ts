/**
 * The port's checks over a real DynamoDB, named by KVDAL_DYNAMODB (http://host:port). Removal by DynamoDB itself is
 * on in one run and off in the other.
 */
import { randomUUID } from "node:crypto";
import { afterAll, describe } from "vitest";
import { dynamodb } from "../../src/engines/dynamodb/adapter.ts";
import { dynamodbJanitor } from "../../src/engines/dynamodb/janitor.ts";
import { testPort } from "./port-cases.ts";

const endpoint = process.env["KVDAL_DYNAMODB"];
const skipped = endpoint === undefined ? " (skipped: KVDAL_DYNAMODB is not set)" : "";
const tablePrefix = `port-${randomUUID().slice(0, 8)}-`;
const service = {
  region: "us-east-1",
  endpoint: endpoint ?? "",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
};

for (const nativeTtl of [true, false]) {
  describe.skipIf(endpoint === undefined)(`dynamodb, nativeTtl ${nativeTtl}${skipped}`, () => {
    testPort(dynamodb({ ...service, tablePrefix, nativeTtl }));
  });
}

afterAll(async () => {
  if (endpoint === undefined) return;
  const janitor = dynamodbJanitor({ ...service, tablePrefix });
  await janitor.dropPrefix();
  await janitor.close();
});
