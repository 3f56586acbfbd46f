/**
 * The interval cache of Druid queries on kvdal, beside its published figures: dashboards that refresh, with and without
 * it, in virtual time, so that every machine computes the same.
 */
import type { BenchOptions, BenchPlace } from "../named-bench.ts";
import { benchPlace } from "../place.ts";
import {
  INTERVAL_HEAD,
  type IntervalFigures,
  intervalFigures,
  intervalLine,
  PUBLISHED,
} from "./figures.ts";
import { ASSUMPTIONS, AUDIENCES, askedBy } from "./model.ts";

/** One audience. */
export type AudienceResult = {
  readonly name: string;
  readonly viewers: number;
  /** Share of queries that nobody asks twice, per cent. */
  readonly oneOff: number;
  readonly queries: number;
  readonly computed: IntervalFigures;
};

/** The report. */
export type DruidCacheReport = BenchPlace & {
  readonly published: IntervalFigures;
  readonly audiences: readonly AudienceResult[];
  readonly assumptions: readonly string[];
};

const MINUTES = 10;

/** Runs it. */
export async function runDruidCacheBench({
  filter,
  quick,
  say,
}: BenchOptions): Promise<DruidCacheReport | undefined> {
  const chosen = AUDIENCES.filter(({ name }) => name.includes(filter));
  if (chosen.length === 0) return undefined;
  say(INTERVAL_HEAD);
  say(intervalLine("published, production traffic", PUBLISHED));
  const audiences: AudienceResult[] = [];
  for (const audience of chosen) {
    const minutes = quick ? MINUTES / 10 : MINUTES;
    const cached = await askedBy(audience, true, minutes);
    const computed = intervalFigures(cached, await askedBy(audience, false, minutes));
    const { name, viewers, oneOff } = audience;
    audiences.push({ name, viewers, oneOff: oneOff / 10, queries: cached.length, computed });
    say(intervalLine(`computed, ${name}`, computed));
  }
  say("What is assumed, and why figures differ:");
  for (const assumption of ASSUMPTIONS) say(`- ${assumption}`);
  return { ...benchPlace(), published: PUBLISHED, audiences, assumptions: ASSUMPTIONS };
}
