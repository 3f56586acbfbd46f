/** A store of user profiles: one record a user, one item a field, and what a user never set is simply not there. */
import { fromUtf8, type KvStore, matchKeys, open, type OpenOptions, utf8 } from "kvdal";

/** A profile: fields by name, as JSON values. */
export type Profile = Readonly<Record<string, unknown>>;

/** Every error is a `KvError`, which says whether a change may have been made. */
export type UserProfiles = {
  /** Sets the fields that are given and leaves the others. */
  readonly set: (user: string, fields: Profile) => Promise<void>;
  /** The fields asked for, or all; undefined for a user without any. */
  readonly get: (user: string, ...fields: string[]) => Promise<Profile | undefined>;
  readonly unset: (user: string, ...fields: string[]) => Promise<void>;
  /** Removes the user, however much there is. */
  readonly forget: (user: string) => Promise<void>;
  readonly close: KvStore["close"];
};

const namespace = "profiles";

/** Profiles on whatever engine is given, with a cache in front of it where there is one. */
export async function openUserProfiles(on: Omit<OpenOptions, "namespaces">): Promise<UserProfiles> {
  const cached = on.cache && { cache: {} };
  const { client, close } = await open({ ...on, namespaces: [{ name: namespace, ...cached }] });
  return {
    close,
    set: async (id, fields) => {
      const items = Object.entries(fields).map(([field, value]) => ({
        key: utf8(field),
        value: utf8(JSON.stringify(value)),
      }));
      await client.putItems({ namespace, id, items });
    },
    get: async (id, ...fields) => {
      const wanted = fields.length === 0 ? {} : { predicate: matchKeys(...fields.map(utf8)) };
      const found: [string, unknown][] = [];
      for await (const { items } of client.pages({ namespace, id, ...wanted })) {
        for (const { key, value } of items) {
          found.push([fromUtf8(key), JSON.parse(fromUtf8(value))]);
        }
      }
      return found.length === 0 ? undefined : Object.fromEntries(found);
    },
    unset: async (id, ...fields) => {
      await client.deleteItems({ namespace, id, predicate: matchKeys(...fields.map(utf8)) });
    },
    forget: async (id) => {
      await client.deleteItems({ namespace, id });
    },
  };
}
