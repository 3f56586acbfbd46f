/** What codecs hand out: bytes of the caller's own, exactly as long as promised, or DATA_LOSS. */
import { KvError } from "../model/error.ts";

/** The same bytes, shared with nobody: a small Buffer is a view of a pool, which it would keep alive. */
export function ownBytes(buffer: Uint8Array): Uint8Array {
  const whole = buffer.byteLength === buffer.buffer.byteLength;
  return whole ? new Uint8Array(buffer.buffer) : new Uint8Array(buffer);
}

/** The value that came out, in bytes of its own, if it is as long as its metadata says. */
export function promisedBytes(
  codec: string,
  bytes: Uint8Array,
  value: Uint8Array,
  originalBytes: number,
): Uint8Array {
  if (value.length === originalBytes) return ownBytes(value);
  throw notDecoded(codec, bytes, `holds ${value.length} bytes`, originalBytes);
}

/** Compressed bytes that do not give the value that their metadata promises. */
export function notDecoded(
  codec: string,
  bytes: Uint8Array,
  found: string,
  originalBytes: number,
  cause?: unknown,
): KvError {
  const what = `a ${codec} value, stored in ${bytes.length} bytes, ${found}`;
  const message = `${what}, wanted the ${originalBytes} bytes of its metadata`;
  return new KvError("DATA_LOSS", message, cause === undefined ? {} : { cause });
}
