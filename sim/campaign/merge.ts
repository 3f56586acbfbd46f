/** Shards of one campaign, done in different places, put together. */
import { shellWord } from "../words/shell-word.ts";
import type { Asked } from "./asked.ts";
import type { CampaignResult } from "./result.ts";
import { type CampaignState, differences, isComplete, NOT_KNOWN, resultOf } from "./state.ts";
import { addSums, noSums } from "./sums.ts";

/** A shard, and the file that it was found in. */
export type NamedState = { readonly file: string; readonly state: CampaignState };

/** All shards as one campaign; or why they are not one, in sentences. */
export function mergeShards(
  shards: readonly NamedState[],
): { readonly result: CampaignResult } | { readonly flaws: readonly string[] } {
  const [first] = shards;
  if (first === undefined) return { flaws: ["there is no shard"] };
  const flaws = [...shards.flatMap((shard) => foreign(shard, first)), ...gaps(shards)];
  if (flaws.length > 0) return { flaws };
  const sums = noSums();
  for (const { state } of shards) addSums(sums, state.sums);
  const ends = shards.map(({ state }) => resultOf(state, "done").lastSeed);
  const millis = shards.reduce((sum, { state }) => sum + state.millis, 0);
  const end = first.state.asked.forMillis === null ? "done" : "time";
  const asked = whole(first.state.asked);
  const lastSeed = Math.max(...ends);
  return { result: { asked, sums, lastSeed, millis, end, ...NOT_KNOWN } };
}

function whole(asked: Asked): Asked {
  return { ...asked, shard: { index: 0, of: 1 } };
}

/** Shards of another campaign, and shards that are not at their end. */
function foreign({ file, state }: NamedState, first: NamedState): readonly string[] {
  const found = { ...state.asked, shard: { of: state.asked.shard.of } };
  const wanted = { ...first.state.asked, shard: { of: first.state.asked.shard.of } };
  const other = differences(found as never, wanted as never);
  if (other.length > 0) {
    return [`${file} is of another campaign than ${first.file}: ${other.join(", ")}`];
  }
  if (isComplete(state)) return [];
  return [`${file} is not done: run it again with --state ${shellWord(file)}`];
}

/** Shards that are there twice, or not at all. */
function gaps(shards: readonly NamedState[]): readonly string[] {
  const { of } = (shards[0] as NamedState).state.asked.shard;
  return Array.from({ length: of }, (_, index) => {
    const files = shards
      .filter(({ state }) => state.asked.shard.index === index)
      .map(({ file }) => file);
    if (files.length === 1) return [];
    const name = `shard ${index + 1}/${of}`;
    return [
      files.length === 0 ? `${name} is missing` : `${name} is there twice: ${files.join(", ")}`,
    ];
  }).flat();
}
