/** The file of a campaign that can be gone on with: lines are only ever added. */
import { appendFileSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import {
  type Asked,
  askedLine,
  type CampaignState,
  differences,
  freshState,
  type Part,
  partLine,
} from "kvdal/sim";
import { CliError, EXIT_USAGE } from "../exit.ts";

/** What the file says; throws `CliError` where it is none, or no state of a campaign. */
export async function stateIn(file: string): Promise<CampaignState> {
  return (await readFile(file)).state;
}

async function readFile(
  file: string,
): Promise<{ readonly state: CampaignState; readonly length: number }> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new CliError(EXIT_USAGE, `the state of a campaign cannot be read: ${String(error)}`);
  }
  // What it takes to read one is loaded by those campaigns alone that have a file.
  const { readState } = await import("kvdal/sim/plan-file");
  const found = readState(text);
  if ("flaw" in found) {
    throw new CliError(EXIT_USAGE, `${file} is not the state of a campaign: ${found.flaw}`);
  }
  return found;
}

/** What was done before of this campaign, by its file; the file is made where there is none. */
export async function openState(file: string, asked: Asked): Promise<CampaignState> {
  if (!existsSync(file)) {
    writeFileSync(file, askedLine(asked));
    return freshState(asked);
  }
  const { state, length } = await readFile(file);
  const other = differences(state.asked, asked);
  if (other.length > 0) {
    const message = `${file} is of another campaign: ${other.join(", ")}`;
    throw new CliError(EXIT_USAGE, message);
  }
  // All of it is ASCII but what failures say; the cut is by bytes.
  truncateSync(file, Buffer.byteLength(readFileSync(file, "utf8").slice(0, length)));
  return state;
}

/** Adds what was done since the part before. */
export function appendPart(file: string, part: Part): void {
  appendFileSync(file, partLine(part));
}
