/** Documents of DynamoDB's API, as far as tables of records need them. */

/** A value: a string, a number as text, or bytes. */
export type NativeValue = {
  readonly S?: string;
  readonly N?: string;
  readonly B?: Uint8Array;
};

/** An item, or a part of one. */
export type NativeItem = Readonly<Record<string, NativeValue>>;

/** What a request may say. What is not here is not looked at. */
export type NativeInput = {
  readonly TableName: string;
  readonly Item?: NativeItem;
  readonly Key?: NativeItem;
  readonly ConditionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeValues?: NativeItem;
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly ConsistentRead?: boolean;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly ExclusiveStartKey?: NativeItem;
  readonly Segment?: number;
  readonly TotalSegments?: number;
  readonly RequestItems?: Readonly<Record<string, BatchPart>>;
  readonly AttributeDefinitions?: unknown;
  readonly KeySchema?: unknown;
};

/** What a batch asks of one table. */
export type BatchPart = Pick<NativeInput, "ProjectionExpression" | "ConsistentRead"> & {
  readonly Keys: readonly NativeItem[];
};

/** An error as the service names it. */
export function serviceError(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name }, more);
}

/** The request is not a valid one. */
export function invalid(message: string): Error {
  return serviceError("ValidationException", message);
}

/** A copy that shares no bytes: what is on its way does not change any more. */
export function copyItem(item: NativeItem): NativeItem {
  const copy: Record<string, NativeValue> = {};
  for (const name of Object.keys(item)) {
    const value = item[name] as NativeValue;
    copy[name] = value.B === undefined ? value : { B: value.B.slice() };
  }
  return copy;
}

/** What the service counts an item as, bytes: names and values. */
export function sizeOf(item: NativeItem): number {
  let size = 0;
  for (const name of Object.keys(item)) size += name.length + sizeOfValue(item[name]);
  return size;
}

function sizeOfValue(value: NativeValue | undefined): number {
  if (value?.B !== undefined) return value.B.length;
  if (value?.S !== undefined) return utf8Length(value.S);
  // Two digits a byte, and one for the exponent.
  return value?.N === undefined ? 0 : 1 + Math.ceil(value.N.length / 2);
}

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    // Each half of a pair comes to two of its four bytes.
    if (unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff)) length += 2;
    else if (unit > 0x7f) length += 1;
  }
  return length;
}

/** The attributes that a projection names; all of them without one. */
export function project(item: NativeItem, projection: string | undefined): NativeItem {
  if (projection === undefined) return item;
  const part: Record<string, NativeValue> = {};
  for (const name of namesOf(projection)) {
    const value = item[name];
    if (value !== undefined) part[name] = value;
  }
  return part;
}

const projections = new Map<string, readonly string[]>();

function namesOf(projection: string): readonly string[] {
  let names = projections.get(projection);
  if (names === undefined) {
    names = projection.split(",").map((name) => name.trim());
    projections.set(projection, names);
  }
  return names;
}
