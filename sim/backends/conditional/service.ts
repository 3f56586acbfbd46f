/**
 * The DynamoDB-shaped engine itself: tables of items, conditional writes, pages bounded by bytes, reads that lag
 * behind unless they are consistent, items that go some time after their time is over. It has no chance of its own.
 */
import { type Micros, SECOND, toHex } from "kvdal";
import type { DynamodbAction } from "kvdal/engine";
import { hash32, hashText, scale } from "../../world/keyed-random.ts";
import {
  invalid,
  type NativeInput,
  type NativeItem,
  project,
  serviceError,
  sizeOf,
} from "./document.ts";
import { holds, parseCondition } from "./expression.ts";
import { keyBounds, PARTITION_KEY, SORT_KEY } from "./key-bounds.ts";
import { checkItem, checkKeys, placeOf } from "./limits.ts";
import {
  type ItemPlace,
  type NativePage,
  NativeTable,
  type PageLimits,
  type See,
  type Slot,
} from "./table.ts";

/** How the engine is. */
export type ServiceShape = {
  /** How far an eventually consistent read may lag behind. */
  readonly eventualLagMax: Micros;
  /** How long after its time an item goes; undefined for tables that never remove. */
  readonly ttlLag: { readonly min: Micros; readonly max: Micros } | undefined;
  /** Whether a table that nobody has made is there all the same. */
  readonly hasEveryTable: boolean;
};

/** The circumstances of one request. */
export type Visit = {
  /** True time, microseconds since 1970. */
  readonly now: Micros;
  /** How far behind it reads, unless consistently. */
  readonly lag: Micros;
  /** How many keys of a batch get an answer. */
  readonly keysMax: number;
  /** It looks at no more bytes than this and the item that crosses it. */
  readonly pageBytes: number;
};

/** A request in full. */
type Request = { readonly input: NativeInput; readonly visit: Visit };

type Table = {
  readonly items: NativeTable;
  readonly description: object;
  /** The attribute by which items go; undefined while they do not. */
  ttl: string | undefined;
};

/** Attribute of the time at which an item may go, where every table is there. */
const TTL_ATTRIBUTE = "x";
const BATCH_KEYS_MAX = 100;
const BATCH_BYTES_MAX = 16 * 1024 * 1024;
const NO_VALUES: NativeItem = {};

/** The engine. */
export class NativeService {
  readonly #tables: Map<string, Table> = new Map();
  readonly #shape: ServiceShape;

  constructor(shape: ServiceShape) {
    this.#shape = shape;
  }

  /** The answer to a request. Throws an error named as the service names it. */
  carryOut(action: DynamodbAction, input: NativeInput, visit: Visit): object {
    const request = { input, visit };
    switch (action) {
      case "PutItem":
        return this.#put(request);
      case "DeleteItem":
        return this.#delete(request);
      case "GetItem": {
        const { Key = {}, ProjectionExpression } = input;
        const item = this.#look(this.#table(input), Key, request);
        return item === undefined ? {} : { Item: project(item, ProjectionExpression) };
      }
      case "BatchGetItem":
        return this.#batchGet(request);
      case "Query":
        return this.#query(request);
      case "Scan":
        return this.#scan(request);
      case "CreateTable":
        return this.#createTable(input);
      case "DescribeTable":
        return { Table: this.#table(input).description };
      case "DescribeTimeToLive": {
        const { ttl } = this.#table(input);
        const status = ttl === undefined ? "DISABLED" : "ENABLED";
        return { TimeToLiveDescription: { TimeToLiveStatus: status } };
      }
      case "UpdateTimeToLive":
        this.#table(input).ttl = TTL_ATTRIBUTE;
        return {};
      default:
        throw action satisfies never;
    }
  }

  #put({ input, visit }: Request): object {
    const { Item = {} } = input;
    const table = this.#table(input);
    checkItem(Item);
    this.#fulfil(table, Item, { input, visit });
    table.items.put(placeOf(Item), Item, visit.now, this.#shape.eventualLagMax);
    return {};
  }

  #delete({ input, visit }: Request): object {
    const { Key = {} } = input;
    const table = this.#table(input);
    checkKeys(Key);
    const found = this.#fulfil(table, Key, { input, visit });
    if (found !== undefined) {
      table.items.put(placeOf(Key), undefined, visit.now, this.#shape.eventualLagMax);
    }
    return {};
  }

  /** What is under the key. Throws where the request's condition does not hold of it. */
  #fulfil(table: Table, key: NativeItem, { input, visit }: Request): NativeItem | undefined {
    const slot = table.items.find(placeOf(key));
    const found = slot && this.#current(table, placeOf(key).id, slot, visit);
    const { ConditionExpression: text, ExpressionAttributeValues: values = NO_VALUES } = input;
    if (text === undefined || holds(parseCondition(text), found, values)) return found;
    const wantsOld = input.ReturnValuesOnConditionCheckFailure === "ALL_OLD";
    const old = wantsOld && found !== undefined ? { Item: found } : {};
    throw serviceError("ConditionalCheckFailedException", "The conditional request failed", old);
  }

  #look(
    table: Table,
    key: NativeItem,
    {
      input,
      visit,
    }: Pick<Request, "visit"> & { readonly input: Pick<NativeInput, "ConsistentRead"> },
  ): NativeItem | undefined {
    checkKeys(key);
    const place = placeOf(key);
    const slot = table.items.find(place);
    return slot && this.#eyes(table, input, visit)(slot, place.id);
  }

  #batchGet({ input: { RequestItems = {} }, visit }: Request): object {
    const responses: Record<string, NativeItem[]> = {};
    const unprocessed: Record<string, object> = {};
    let [left, bytes] = [visit.keysMax, 0];
    for (const [name, part] of Object.entries(RequestItems)) {
      if (part.Keys.length === 0 || part.Keys.length > BATCH_KEYS_MAX) {
        throw invalid(`Too many items requested for the BatchGetItem call: ${part.Keys.length}`);
      }
      checkApart(part.Keys);
      const table = this.#table({ TableName: name });
      const found: NativeItem[] = [];
      let done = 0;
      for (const key of part.Keys) {
        if (left === 0 || bytes >= BATCH_BYTES_MAX) break;
        const item = this.#look(table, key, { input: part, visit });
        [left, done] = [left - 1, done + 1];
        bytes += item === undefined ? 0 : sizeOf(item);
        if (item !== undefined) found.push(project(item, part.ProjectionExpression));
      }
      responses[name] = found;
      if (done < part.Keys.length) unprocessed[name] = { ...part, Keys: part.Keys.slice(done) };
    }
    return { Responses: responses, UnprocessedKeys: unprocessed };
  }

  #query({ input, visit }: Request): object {
    const { KeyConditionExpression: text = "", ExpressionAttributeValues: values = NO_VALUES } =
      input;
    const table = this.#table(input);
    const bounds = keyBounds(text, values);
    const from = input.ExclusiveStartKey && placeOf(input.ExclusiveStartKey).sortKey;
    const eyes = this.#eyes(table, input, visit);
    const see: See = (slot) => eyes(slot, bounds.id);
    const isReverse = input.ScanIndexForward === false;
    return answerOf(table.items.query(bounds, from, isReverse, limitsOf(input, visit), see), input);
  }

  #scan({ input, visit }: Request): object {
    const table = this.#table(input);
    const { Segment: index = 0, TotalSegments: of = 1, ExclusiveStartKey: key } = input;
    const eyes = this.#eyes(table, input, visit);
    const from = key && placeOf(key);
    const page = table.items.scan({ index, of }, from, limitsOf(input, visit), (slot) =>
      eyes(slot, slot.item?.[PARTITION_KEY]?.S ?? ""),
    );
    return answerOf(page, input);
  }

  /** A consistent read sees what is there, another one what was there some time ago. */
  #eyes(
    table: Table,
    { ConsistentRead: isConsistent = false }: Pick<NativeInput, "ConsistentRead">,
    visit: Visit,
  ): (slot: Slot, id: string) => NativeItem | undefined {
    const asOf = visit.now - visit.lag;
    return (slot, id) => {
      const current = this.#current(table, id, slot, visit);
      if (isConsistent || visit.lag === 0) return current;
      const then = slot.past.find(({ until }) => until > asOf);
      return then === undefined ? current : then.item;
    };
  }

  /** What lies in a slot now; what should have gone by now goes. */
  #current({ ttl, items }: Table, id: string, slot: Slot, { now }: Visit): NativeItem | undefined {
    const { ttlLag, eventualLagMax } = this.#shape;
    const time = ttl === undefined ? undefined : slot.item?.[ttl]?.N;
    if (time === undefined || ttlLag === undefined) return slot.item;
    const bits = hash32(hashText(id), slot.sortKey.length, slot.sortKey.at(-1), Number(time));
    const gone = Number(time) * SECOND + ttlLag.min + scale(bits, ttlLag.max - ttlLag.min + 1);
    if (gone > now) return slot.item;
    items.put({ id, sortKey: slot.sortKey }, undefined, gone, eventualLagMax);
    return undefined;
  }

  #createTable(input: NativeInput): object {
    const { TableName: name, AttributeDefinitions, KeySchema } = input;
    if (this.#tables.has(name)) throw serviceError("ResourceInUseException", `there is ${name}`);
    const description = { TableStatus: "ACTIVE", AttributeDefinitions, KeySchema };
    this.#tables.set(name, { items: new NativeTable(), description, ttl: undefined });
    return {};
  }

  #table({ TableName: name }: Pick<NativeInput, "TableName">): Table {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    if (!this.#shape.hasEveryTable) {
      throw serviceError(
        "ResourceNotFoundException",
        "Cannot do operations on a non-existent table",
      );
    }
    const table = { items: new NativeTable(), description: {}, ttl: TTL_ATTRIBUTE };
    this.#tables.set(name, table);
    return table;
  }
}

function limitsOf({ Limit = Number.POSITIVE_INFINITY }: NativeInput, visit: Visit): PageLimits {
  if (Limit < 1) throw invalid("Value at 'limit' failed to satisfy constraint: at least 1");
  return { items: Limit, bytes: visit.pageBytes };
}

function answerOf({ items, last }: NativePage, { ProjectionExpression }: NativeInput): object {
  return {
    Items: items.map((item) => project(item, ProjectionExpression)),
    ...(last === undefined ? {} : { LastEvaluatedKey: keyAt(last) }),
  };
}

function keyAt({ id, sortKey }: ItemPlace): NativeItem {
  return { [PARTITION_KEY]: { S: id }, [SORT_KEY]: { B: sortKey } };
}

function checkApart(keys: readonly NativeItem[]): void {
  const names = new Set(
    keys.map((key) => {
      const { id, sortKey } = placeOf(key);
      return `${toHex(sortKey)}/${id}`;
    }),
  );
  if (names.size < keys.length) throw invalid("Provided list of item keys contains duplicates");
}
