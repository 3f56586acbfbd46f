/** A registry of sessions: one record a user, one item a session, which ends by itself unless it is seen again. */
import { fromUtf8, type KvClient, matchKeys, type Micros, utf8 } from "kvdal";

/** A session that has not ended. */
export type Session = {
  readonly id: string;
  readonly device: string;
  /** When it ends unless it is seen again, microseconds since 1970. */
  readonly endsAt: Micros;
};

/** The sessions of one namespace. Repeating any of these is safe; the last one to come wins. */
export type SessionRegistry = {
  /** The session is alive: it ends `ttl` microseconds from now at the earliest. */
  readonly seen: (user: string, session: string, device: string, ttl: Micros) => Promise<void>;
  /** Up to `limit` sessions of a user, in the order of their ids. */
  readonly list: (user: string, limit?: number) => Promise<readonly Session[]>;
  readonly end: (user: string, ...sessions: string[]) => Promise<void>;
  /** Ends all of a user's sessions by one deletion. */
  readonly endAll: (user: string) => Promise<void>;
};

/** Most sessions that `list` shows when nobody says otherwise. */
const LIST_MAX = 100;

/** Sessions in a namespace of `client`. */
export function sessionRegistry(client: KvClient, namespace: string): SessionRegistry {
  return {
    seen: async (id, session, device, ttlMicros) => {
      const item = { key: utf8(session), value: utf8(device), ttlMicros };
      await client.putItems({ namespace, id, items: [item] });
    },
    list: async (id, itemLimit = LIST_MAX) => {
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
