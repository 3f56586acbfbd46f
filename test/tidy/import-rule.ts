import { posix } from "node:path";
import { mayImport, mayUsePackage, type Room, roomOf } from "./rooms.ts";
import type { Import, SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/** The table of rooms: who may import whom, and which packages. */
export function checkImports(file: SourceFile): Violation[] {
  const room = roomOf(file.path);
  if (room === undefined) {
    const message = "this file lies in no room; see test/tidy/rooms.ts";
    return [{ path: file.path, line: 1, rule: "room", message }];
  }
  return file.imports.flatMap((entry) => {
    const message = checkImport(file.path, room, entry);
    return message === undefined
      ? []
      : [
          {
            path: file.path,
            line: entry.line,
            rule: "import",
            subject: entry.specifier,
            message,
          },
        ];
  });
}

function checkImport(path: string, room: Room, entry: Import): string | undefined {
  const { specifier, typeOnly } = entry;
  if (!specifier.startsWith(".")) {
    if (mayUsePackage(room, specifier)) return undefined;
    return `${room.name} may not import the package "${specifier}"`;
  }
  const target = resolveRelative(path, specifier);
  const other = roomOf(target);
  if (other === undefined) return `"${specifier}" leads to ${target}, which lies in no room`;
  if (mayImport(room, other, typeOnly)) return undefined;
  const hint = typeOnly || !(room.types ?? []).includes(other.name) ? "" : " (types only)";
  return `${room.name} may not import ${other.name} ("${specifier}")${hint}`;
}

/** The path that a relative specifier means, from the top of the project. */
export function resolveRelative(path: string, specifier: string): string {
  return posix.join(posix.dirname(path), specifier);
}
