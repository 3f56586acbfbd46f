/**
 * JSON documents of 200 to 2,000 bytes as services store them: a few shapes, names that repeat, and values that do
 * not (identifiers, times, counts), which no dictionary can foresee. The same seed gives the same documents.
 */
import { utf8 } from "kvdal";

/** Draws: a whole number below the bound, of a stream that the seed fixes. */
type Draw = (bound: number) => number;

const SMALLEST = 200;
const LARGEST = 2000;

const TITLES =
  "Nightfall|The Long Ice|Harbor Lights|Ashes of Tomorrow|Paper Crowns|Signal Lost|Small Mercies|Red Meridian";
const LANGUAGES = "en-US|en-GB|es-ES|es-MX|pt-BR|fr-FR|de-DE|ja-JP|ko-KR|hi-IN|pl-PL|tr-TR";
const COUNTRIES = "US|GB|ES|MX|BR|FR|DE|JP|KR|IN|PL|TR|NL|SE";
const DEVICES = "smart-tv|android-phone|iphone|ipad|web-chrome|web-safari|game-console|set-top-box";
const GENRES =
  "drama|comedy|thriller|documentary|anime|reality|crime|science-fiction|family|horror";
const STATES = "ACTIVE|PAUSED|COMPLETED|ABANDONED";
const PLANS = "basic-with-ads|standard|premium";

/** `count` documents, UTF-8. */
export function jsonDocuments(count: number, seed: number): readonly Uint8Array[] {
  const draw = stream(seed);
  const documents: Uint8Array[] = [];
  while (documents.length < count) {
    const shape = SHAPES[draw(SHAPES.length)] as (draw: Draw) => unknown;
    const bytes = utf8(JSON.stringify(shape(draw)));
    if (bytes.length >= SMALLEST && bytes.length <= LARGEST) documents.push(bytes);
  }
  return documents;
}

const SHAPES: readonly ((draw: Draw) => unknown)[] = [
  playbackSession,
  profile,
  deviceRegistration,
  recommendationRow,
  billingEvent,
];

function playbackSession(draw: Draw): unknown {
  return {
    sessionId: uuid(draw),
    profileId: uuid(draw),
    title: { id: 80_000_000 + draw(2_000_000), name: pick(TITLES, draw), season: 1 + draw(6) },
    state: pick(STATES, draw),
    positionMillis: draw(7_200_000),
    durationMillis: 1_200_000 + draw(6_000_000),
    startedAt: time(draw),
    updatedAt: time(draw),
    device: { type: pick(DEVICES, draw), esn: hex(30, draw).toUpperCase(), country: country(draw) },
    audio: { language: language(draw), channels: draw(2) === 0 ? "5.1" : "2.0" },
    subtitles: draw(3) === 0 ? null : { language: language(draw), forced: draw(2) === 0 },
    bitrates: list(draw(8), () => 235 * (1 + draw(30))),
  };
}

function profile(draw: Draw): unknown {
  return {
    profileId: uuid(draw),
    accountId: uuid(draw),
    displayName: `${pick("Ada|Grace|Alan|Edsger|Barbara|Niklaus|Leslie|Tony", draw)} ${draw(1000)}`,
    avatar: `https://assets.example.com/avatars/v2/${hex(16, draw)}.png`,
    maturityLevel: pick("KIDS|TEEN|ADULT", draw),
    preferences: {
      language: language(draw),
      autoplayNext: draw(2) === 0,
      autoplayPreviews: draw(2) === 0,
      dataUsage: pick("AUTO|LOW|MEDIUM|HIGH", draw),
    },
    tastes: list(draw(10), () => ({ genre: pick(GENRES, draw), weight: draw(1000) / 1000 })),
    createdAt: time(draw),
    updatedAt: time(draw),
  };
}

function deviceRegistration(draw: Draw): unknown {
  return {
    deviceId: uuid(draw),
    accountId: uuid(draw),
    type: pick(DEVICES, draw),
    model: `${pick("Bravia|Galaxy|Pixel|Xbox|Fire|Shield|Roku", draw)}-${draw(9000) + 1000}`,
    firmware: `${1 + draw(12)}.${draw(30)}.${draw(5000)}`,
    capabilities: {
      hdr: list(draw(3), () => pick("HDR10|DOLBY_VISION|HLG", draw)),
      codecs: ["h264", ...(draw(2) === 0 ? ["hevc"] : []), ...(draw(3) === 0 ? ["av1"] : [])],
      maxResolution: pick("1280x720|1920x1080|3840x2160", draw),
      widevineLevel: pick("L1|L3", draw),
    },
    lastSeen: { at: time(draw), ip: `10.${draw(256)}.${draw(256)}.${draw(256)}` },
    registeredAt: time(draw),
  };
}

function recommendationRow(draw: Draw): unknown {
  return {
    profileId: uuid(draw),
    row: pick("continue-watching|top-picks|trending-now|because-you-watched|new-releases", draw),
    country: country(draw),
    algorithm: `ranker-${2 + draw(4)}.${draw(10)}`,
    generatedAt: time(draw),
    items: list(3 + draw(20), (position) => ({
      videoId: 80_000_000 + draw(2_000_000),
      score: draw(1_000_000) / 1_000_000,
      position,
      evidence: pick(GENRES, draw),
    })),
  };
}

function billingEvent(draw: Draw): unknown {
  return {
    eventId: uuid(draw),
    accountId: uuid(draw),
    type: pick("INVOICE_CREATED|PAYMENT_SETTLED|PAYMENT_FAILED|PLAN_CHANGED", draw),
    plan: { name: pick(PLANS, draw), priceCents: 699 + 100 * draw(20), currency: "USD" },
    country: country(draw),
    occurredAt: time(draw),
    paymentMethod: { kind: pick("CARD|WALLET|PARTNER", draw), last4: `${1000 + draw(9000)}` },
    attempts: list(draw(4), () => ({ at: time(draw), result: pick("DECLINED|TIMEOUT|OK", draw) })),
  };
}

function language(draw: Draw): string {
  return pick(LANGUAGES, draw);
}

function country(draw: Draw): string {
  return pick(COUNTRIES, draw);
}

function pick(choices: string, draw: Draw): string {
  const list = choices.split("|");
  return list[draw(list.length)] as string;
}

function list<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function hex(digits: number, draw: Draw): string {
  return list(digits, () => draw(16).toString(16)).join("");
}

function uuid(draw: Draw): string {
  return [8, 4, 4, 4, 12].map((digits) => hex(digits, draw)).join("-");
}

/** Some instant of the year 2026. */
function time(draw: Draw): string {
  return new Date(Date.UTC(2026, 0, 1) + draw(365) * 86_400_000 + draw(86_400_000)).toISOString();
}

/** A Weyl sequence through a mixer of 32 bits: plain, quick, and the same on every machine. */
function stream(seed: number): Draw {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % bound;
  };
}
