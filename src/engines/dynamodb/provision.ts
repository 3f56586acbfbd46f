/** Making tables, and checking those that are there. */
import type { TableDescription } from "@aws-sdk/client-dynamodb";
import { KvError } from "../../model/error.ts";
import { MILLISECOND } from "../../model/time.ts";
import type { EngineCall, EngineContext } from "../../ports/storage-engine.ts";
import { pause } from "../../ports/pause.ts";
import { PK, SK, TTL } from "./attributes.ts";
import type { Session } from "./session.ts";

/** Pause between two looks at a table that is still being made. */
const LOOK_AGAIN = 200 * MILLISECOND;

/**
 * Makes the table, billed by request, unless it exists, waits until it can be used, and switches on removal by
 * DynamoDB where that is wanted. Throws INVALID_ARGUMENT when a table of another shape has the name.
 */
export async function provision(
  session: Session,
  context: EngineContext,
  table: string,
  nativeTtl: boolean,
  call: EngineCall,
): Promise<void> {
  await session.createTable(
    {
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: PK, AttributeType: "S" },
        { AttributeName: SK, AttributeType: "B" },
      ],
      KeySchema: [
        { AttributeName: PK, KeyType: "HASH" },
        { AttributeName: SK, KeyType: "RANGE" },
      ],
    },
    call,
  );
  checkShape(table, await untilActive(session, context, table, call));
  if (nativeTtl) await switchOnTtl(session, table, call);
}

async function untilActive(
  session: Session,
  context: EngineContext,
  table: string,
  call: EngineCall,
): Promise<TableDescription> {
  for (;;) {
    const found = await session.describeTable({ TableName: table }, call);
    // A new table may be unknown to the next look at it.
    if (found?.TableStatus === "ACTIVE" || found?.TableStatus === "UPDATING") return found;
    const left = call.deadline - context.env.clock.monotonic();
    await pause(context.env.timers, Math.max(0, Math.min(LOOK_AGAIN, left)), call.signal);
  }
}

function checkShape(table: string, found: TableDescription): void {
  const types = new Map(
    found.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => [
      AttributeName,
      AttributeType,
    ]),
  );
  const shape = (found.KeySchema ?? [])
    .map(({ AttributeName, KeyType }) => `${AttributeName} ${types.get(AttributeName)} ${KeyType}`)
    .join(", ");
  const wanted = `${PK} S HASH, ${SK} B RANGE`;
  if (shape === wanted) return;
  const message = `table ${table} has the keys ${shape}, wanted ${wanted}`;
  throw new KvError("INVALID_ARGUMENT", message);
}

async function switchOnTtl(session: Session, table: string, call: EngineCall): Promise<void> {
  const { TimeToLiveStatus } = await session.describeTtl({ TableName: table }, call);
  if (TimeToLiveStatus === "ENABLED" || TimeToLiveStatus === "ENABLING") return;
  const specification = { AttributeName: TTL, Enabled: true };
  try {
    await session.updateTtl({ TableName: table, TimeToLiveSpecification: specification }, call);
  } catch (error) {
    // Somebody else has switched it on in between.
    if (!/already enabled/i.test(String(error))) throw error;
  }
}
