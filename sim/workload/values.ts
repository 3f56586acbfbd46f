/** Values that tell which operation wrote them, in every byte. */

/** `length` bytes, at least 4, of operation `index`: the index, then bytes that depend on it, position and length. */
export function valueOf(index: number, length: number): Uint8Array {
  const value = new Uint8Array(length);
  value[0] = index >>> 24;
  value[1] = index >>> 16;
  value[2] = index >>> 8;
  value[3] = index;
  for (let i = 4; i < length; i += 1) value[i] = filler(index, length, i);
  return value;
}

/** The operation whose value this begins like; 0 for none. */
export function operationIn(value: Uint8Array): number {
  if (value.length < 4) return 0;
  return ((value[0]! << 24) | (value[1]! << 16) | (value[2]! << 8) | value[3]!) >>> 0;
}

/** Whether the value is one that `valueOf` made, neither short nor mixed. */
export function wholeValue(value: Uint8Array): boolean {
  const index = operationIn(value);
  if (index === 0) return false;
  for (let i = 4; i < value.length; i += 1) {
    if (value[i] !== filler(index, value.length, i)) return false;
  }
  return true;
}

function filler(index: number, length: number, at: number): number {
  return (index * 31 + length * 7 + at) & 0xff;
}
