/** A registry of sessions: one record a user, one item a session, which ends by itself unless it is seen again. */
import {
  fromUtf8,
  type KvStore,
  matchKeys,
  type Micros,
  open,
  type OpenOptions,
  utf8,
} from "kvdal";

/** A session that has not ended; `endsAt` is when it will, unless it is seen again: microseconds since 1970. */
export type Session = { readonly id: string; readonly device: string; readonly endsAt: Micros };

/** Repeating any of these is safe; the last one to come wins. */
export type SessionRegistry = {
  /** The session is alive: it ends `ttl` microseconds from now at the earliest. */
  readonly seen: (user: string, session: string, device: string, ttl: Micros) => Promise<void>;
  /** Up to `limit` sessions of a user, 100 by default, in the order of their ids. */
  readonly list: (user: string, limit?: number) => Promise<readonly Session[]>;
  readonly end: (user: string, ...sessions: string[]) => Promise<void>;
  /** Ends all of a user's sessions by one deletion. */
  readonly endAll: (user: string) => Promise<void>;
  readonly close: KvStore["close"];
};

const namespace = "sessions";

/** Sessions on whatever engine is given, with a cache in front of it where there is one. */
export async function openSessionRegistry(
  on: Omit<OpenOptions, "namespaces">,
): Promise<SessionRegistry> {
  const cached = on.cache && { cache: {} };
  const { client, close } = await open({ ...on, namespaces: [{ name: namespace, ...cached }] });
  return {
    close,
    seen: async (id, session, device, ttlMicros) => {
      const item = { key: utf8(session), value: utf8(device), ttlMicros };
      await client.putItems({ namespace, id, items: [item] });
    },
    list: async (id, itemLimit = 100) => {
      const sessions: Session[] = [];
      for await (const { items } of client.pages({ namespace, id, selection: { itemLimit } })) {
        for (const { key, value, metadata } of items) {
          const endsAt = metadata.lifecycle.expiresAt ?? Number.POSITIVE_INFINITY;
          sessions.push({ id: fromUtf8(key), device: fromUtf8(value), endsAt });
        }
      }
      return sessions;
    },
    end: async (id, ...sessions) => {
      await client.deleteItems({ namespace, id, predicate: matchKeys(...sessions.map(utf8)) });
    },
    endAll: async (id) => {
      await client.deleteItems({ namespace, id });
    },
  };
}
