/**
 * Reads through the cache: items by themselves, and records as wholes where they are small enough (CACHE-1).
 * What is absent is concluded from a whole record alone.
 */
import { compareBytes, equalBytes, toHex } from "../model/bytes.ts";
import type { Namespace } from "../namespace/namespace.ts";
import type { NamespaceCache } from "../namespace/caching.ts";
import type { Env } from "../ports/env.ts";
import type { EngineCall, KeysRead, RangeRead, Row, RowsPage } from "../ports/storage-engine.ts";
import type { AdmittedCall, CacheAccess } from "./cache-access.ts";
import type { Slots, Slot } from "./cache-slots.ts";
import type { CachedRows } from "./cached-rows.ts";
import { Flights, type Landed } from "./flights.ts";
import { pageOfRows, projected } from "./page-of-rows.ts";
import type { Stamps } from "./cache-stamps.ts";

/** What the tier of one namespace works with. */
export type TierParts = {
  readonly namespace: Namespace;
  readonly cache: NamespaceCache;
  readonly env: Env;
  readonly access: CacheAccess;
  readonly slots: Slots;
  readonly stamps: Stamps;
  readonly rows: CachedRows;
};

type StampsInForce = readonly Uint8Array[] | undefined;

/** A look at a whole record: its rows, or the stamps that what is read now may be kept under. */
type RecordLook = { readonly rows: readonly Row[] | undefined; readonly stamps: StampsInForce };

/** The reads of one namespace at one server. */
export class CachedReads {
  readonly #parts: TierParts;
  readonly #flights: Flights;

  constructor(parts: TierParts) {
    this.#parts = parts;
    this.#flights = new Flights(parts.env);
  }

  /** Some items of a record. */
  async readKeys(read: KeysRead, call: EngineCall): Promise<RowsPage> {
    const { namespace, access, env } = this.#parts;
    const { engine } = namespace;
    const asking = access.admit(call);
    if (asking === undefined) return engine.readKeys(read, call);
    // Several items at once are seen as of one moment where the engine writes records whole (PUT-2): entries of
    // single items are not of one moment.
    const singly = read.keys.length === 1 || engine.capabilities.atomicWrite === "item";
    const items = singly ? await this.#lookAtItems(read, asking) : undefined;
    if (items !== undefined && items.missing.length === 0) {
      env.telemetry.count("cache_hits");
      return pageOf(items.rows, read);
    }
    const record = await this.#lookAtRecord(read.id, asking);
    if (record.rows !== undefined) {
      env.telemetry.count("cache_hits");
      return pageOf(rowsOf(record.rows, read.keys), read);
    }
    env.telemetry.count("cache_misses");
    if (items === undefined) {
      const name = record.stamps && `keys ${keysText(read)} ${stampsText(record.stamps)}`;
      return (await this.#read(name, call, () => engine.readKeys(read, call))).page;
    }
    const found = await this.#readItems(read, items.missing, asking);
    return pageOf([...items.rows, ...found].toSorted(byKey), read);
  }

  /** A part of a record, or all of it. */
  async readRange(read: RangeRead, call: EngineCall): Promise<RowsPage> {
    const { namespace, access, env, cache, rows, slots } = this.#parts;
    const { engine } = namespace;
    const asking = access.admit(call);
    if (asking === undefined) return engine.readRange(read, call);
    const look = await this.#lookAtRecord(read.id, asking);
    if (look.rows !== undefined) {
      env.telemetry.count("cache_hits");
      return pageOfRows(look.rows, read);
    }
    env.telemetry.count("cache_misses");
    const present = look.stamps;
    const name = present && `range ${rangeText(read)} ${stampsText(present)}`;
    const { page, led } = await this.#read(name, call, () => engine.readRange(read, call));
    if (present !== undefined && led && isWhole(read, page, cache.recordBytesMax)) {
      await rows.fill(slots.record(read.id), present, page.rows.toSorted(byKey), asking);
    }
    return page;
  }

  /** The items that are in the cache, and those that are not with the stamps in force for them. */
  async #lookAtItems({ id, keys }: KeysRead, call: AdmittedCall): Promise<ItemsLook> {
    const { access, slots, stamps, rows } = this.#parts;
    const deletions = access.get(slots.deletions(id), call);
    const looks = await Promise.all(
      keys.map(async (key) => {
        const slot = slots.itemStamp(id, key);
        const [stamp, entry, deleted] = await Promise.all([
          access.get(slot, call),
          access.get(slots.item(id, key), call),
          deletions,
        ]);
        return { key, slot, found: [deleted, stamp], entry };
      }),
    );
    const hits: Row[] = [];
    const missing: MissingItem[] = [];
    for (const { key, slot, found, entry } of looks) {
      const row = rows.believed(entry, stamps.inForce(found), call.now)?.[0];
      if (row === undefined) missing.push({ key, slots: [slots.deletions(id), slot], found });
      else hits.push(row);
    }
    return { rows: hits, missing };
  }

  /** Reads items that are not in the cache, and keeps what is found. */
  async #readItems(
    read: KeysRead,
    missing: readonly MissingItem[],
    call: AdmittedCall,
  ): Promise<readonly Row[]> {
    const { namespace, slots, stamps, rows } = this.#parts;
    const present = await Promise.all(
      missing.map((item) => stamps.establish(item.slots, item.found, call)),
    );
    const asked = { ...read, keys: missing.map(({ key }) => key) };
    const isShared = present.every((one) => one !== undefined);
    const under = present.map((one) => stampsText(one ?? [])).join(" ");
    const name = isShared ? `keys ${keysText(asked)} ${under}` : undefined;
    const engine = () => namespace.engine.readKeys(asked, call);
    const { page, led } = await this.#read(name, call, engine);
    if (!led || read.projection !== "rows") return page.rows;
    const fills = page.rows.map(async (row) => {
      const stamps = present[missing.findIndex(({ key }) => equalBytes(key, row.key))];
      const slot = slots.item(read.id, row.key);
      if (stamps !== undefined) await rows.fill(slot, stamps, [row], call);
    });
    await Promise.all(fills);
    return page.rows;
  }

  async #lookAtRecord(id: string, call: AdmittedCall): Promise<RecordLook> {
    const { access, slots, stamps, rows } = this.#parts;
    const changes = slots.changes(id);
    const [stamp, entry] = await Promise.all([
      access.get(changes, call),
      access.get(slots.record(id), call),
    ]);
    const inForce = stamps.inForce([stamp]);
    const believed = rows.believed(entry, inForce, call.now);
    if (believed !== undefined) return { rows: believed, stamps: inForce };
    return {
      rows: undefined,
      stamps: inForce ?? (await stamps.establish([changes], [stamp], call)),
    };
  }

  #read(
    name: string | undefined,
    call: EngineCall,
    work: () => Promise<RowsPage>,
  ): Promise<Landed> {
    // Without stamps nobody can tell whether a read under way is recent enough to be shared.
    if (name === undefined) return work().then((page) => ({ page, led: true }));
    return this.#flights.read(name, call, work);
  }
}

type MissingItem = {
  readonly key: Uint8Array;
  readonly slots: readonly Slot[];
  readonly found: Parameters<Stamps["inForce"]>[0];
};

type ItemsLook = { readonly rows: readonly Row[]; readonly missing: readonly MissingItem[] };

/** Whether a page is all that its record has, and little enough to be kept as a whole. */
function isWhole(read: RangeRead, page: RowsPage, bytesMax: number): boolean {
  const { start, end } = read.range;
  if (end !== undefined || (start !== undefined && start.length > 0)) return false;
  if (page.resumeAfter !== undefined || read.projection !== "rows") return false;
  return page.rows.reduce((sum, row) => sum + row.key.length + row.value.length, 0) <= bytesMax;
}

function rowsOf(rows: readonly Row[], keys: readonly Uint8Array[]): readonly Row[] {
  return rows.filter((row) => keys.some((key) => equalBytes(key, row.key)));
}

function pageOf(rows: readonly Row[], { projection, keys }: KeysRead): RowsPage {
  const page = rows.map((row) => projected(row, projection));
  return { rows: page, rowsExamined: keys.length, resumeAfter: undefined };
}

function byKey(a: Row, b: Row): number {
  return compareBytes(a.key, b.key);
}

/** Texts that are equal where the same is asked. */
function keysText({ id, keys, projection }: KeysRead): string {
  return JSON.stringify([id, projection, keys.map(toHex)]);
}

function rangeText({ id, range, reverse, rowLimit, byteLimit, projection }: RangeRead): string {
  const bounds = [range.start, range.end].map((bound) =>
    bound === undefined ? null : toHex(bound),
  );
  return JSON.stringify([id, projection, bounds, reverse, rowLimit, byteLimit]);
}

function stampsText(stamps: readonly Uint8Array[]): string {
  return stamps.map(toHex).join("-");
}
