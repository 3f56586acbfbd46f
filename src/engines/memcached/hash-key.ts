import { hash } from "node:crypto";

/** The key on the server: 44 printable characters, whatever the key (memcached takes 250 without spaces). */
export function hashKey(key: Uint8Array): string {
  return hash("sha256", key, "base64");
}
