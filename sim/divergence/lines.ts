/** Where two runs part, in lines for people. */
import { duration } from "../words/measures.ts";
import type { DivergedSide, Divergence, ToldEvent } from "./locate.ts";

/** Frames that are shown of a stack. */
const FRAMES = 6;

/** One line: where they part, and the place in the source that is nearest to it. */
export function divergenceLine({ event, sides }: Divergence): string {
  const [first, second] = sides;
  const where = (first.event ?? second.event)?.stack[0] ?? "the plan";
  return `they part in event ${event}: one run ${saying(first)}, the other ${saying(second)}; from ${where}`;
}

/** All that is known: for each run what it does, what that follows from, and from where it was scheduled. */
export function divergenceLines({ event, alike, sides }: Divergence): readonly string[] {
  const [first, second] = sides;
  return [
    `The runs part in event ${event}, after ${alike} steps that are alike.`,
    "First run:",
    ...sideLines(first),
    "The other:",
    ...sideLines(second),
  ];
}

function sideLines(side: DivergedSide): readonly string[] {
  const { event, cause } = side;
  return [
    `  ${saying(side)}`,
    ...(event === null ? [] : [`  node: ${event.node ?? "the world as a whole"}`]),
    `  cause: ${cause === null ? "the plan alone" : cause.what}`,
    ...frames("  scheduled at", event),
  ];
}

function saying({ does, event, told }: DivergedSide): string {
  if (event === null) return "does no more";
  switch (does) {
    case "fires":
      return `comes to: ${event.what}`;
    case "schedules":
      return `schedules: ${event.what}`;
    case "tells":
      return `tells a client ${told} at ${duration(event.time)}, where ${event.what}`;
    case "ends":
      return "ends";
    default:
      throw does satisfies never;
  }
}

function frames(title: string, event: ToldEvent | null): readonly string[] {
  return (event?.stack ?? [])
    .slice(0, FRAMES)
    .map((frame, i) => `${i === 0 ? title : " ".repeat(title.length)} ${frame}`);
}
