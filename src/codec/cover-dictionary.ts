/**
 * Picks out of samples the pieces that a dictionary should consist of, as the published COVER algorithm does: a piece
 * is worth as many samples as share its words of eight bytes, and a word that is in the dictionary is worth nothing
 * more. Pure: the same samples give the same dictionary, and chance has no part in it.
 */

/** Bytes of a word. Shorter ones would be found everywhere, longer ones would miss names in JSON. */
const WORD_BYTES = 8;
/** Longest piece, bytes. A few times longer or shorter changes the result by less than one percent. */
const PIECE_BYTES = 512;
/** Words are counted by hash; a few that share a count do no harm. */
const BUCKET_BITS = 20;
const BUCKETS: number = 2 ** BUCKET_BITS;
/** The samples are cut into stretches, and each gives one piece a round: about this many rounds. */
const ROUNDS = 4;
/** Shortest stretch, in pieces: with less choice a piece would be taken for want of a better one. */
const STRETCH_PIECES_MIN = 10;

type Corpus = {
  /** The samples, one after another. */
  readonly bytes: Uint8Array;
  /** For each place, the bucket of the word that begins there; −1 where none fits into the sample. */
  readonly words: Int32Array;
  /** For each bucket, how many samples have a word of it; 0 once the dictionary has it, or when only one does. */
  readonly worth: Uint32Array;
};

type Piece = { readonly start: number; readonly end: number };

/**
 * At most `bytesMax` bytes, the most valuable last, where references to them are shortest: the last part of a
 * dictionary is the best smaller dictionary. Fewer, or none, when the samples have nothing more in common.
 */
export function coverDictionary(samples: readonly Uint8Array[], bytesMax: number): Uint8Array {
  const corpus = readCorpus(samples);
  const stretches = stretchesOf(corpus.bytes.length, bytesMax);
  const inWindow = new Uint16Array(BUCKETS);
  const dictionary = new Uint8Array(bytesMax);
  let free = bytesMax;
  let poor = 0;
  for (let turn = 0; free > 0 && poor < stretches.length; turn += 1) {
    const piece = bestPiece(corpus, stretches[turn % stretches.length] as Piece, inWindow);
    if (piece === undefined) {
      poor += 1;
      continue;
    }
    poor = 0;
    spend(corpus, piece);
    const taken = corpus.bytes.subarray(piece.start, Math.min(piece.end, piece.start + free));
    free -= taken.length;
    dictionary.set(taken, free);
  }
  return dictionary.slice(free);
}

function readCorpus(samples: readonly Uint8Array[]): Corpus {
  let length = 0;
  for (const sample of samples) length += sample.length;
  const bytes = new Uint8Array(length);
  const words = new Int32Array(length).fill(-1);
  const worth = new Uint32Array(BUCKETS);
  const lastSample = new Int32Array(BUCKETS).fill(-1);
  let at = 0;
  for (const [index, sample] of samples.entries()) {
    bytes.set(sample, at);
    const end = at + sample.length;
    for (let place = at; place + WORD_BYTES <= end; place += 1) {
      const word = bucketOf(bytes, place);
      words[place] = word;
      if (lastSample[word] === index) continue;
      lastSample[word] = index;
      worth[word] = (worth[word] as number) + 1;
    }
    at = end;
  }
  for (let word = 0; word < BUCKETS; word += 1) if (worth[word] === 1) worth[word] = 0;
  return { bytes, words, worth };
}

/** A hash of the eight bytes from `place` on (FNV-1a, mixed once more, its low bits being the weaker ones). */
function bucketOf(bytes: Uint8Array, place: number): number {
  let hash = 0x811c9dc5;
  for (let i = place; i < place + WORD_BYTES; i += 1) {
    hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  }
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> (32 - BUCKET_BITS);
}

function stretchesOf(length: number, bytesMax: number): readonly Piece[] {
  const wanted = Math.floor(bytesMax / PIECE_BYTES / ROUNDS);
  const most = Math.floor(length / PIECE_BYTES / STRETCH_PIECES_MIN);
  const count = Math.max(1, Math.min(wanted, most));
  const bounds = Array.from({ length: count + 1 }, (_, i) => Math.floor((i * length) / count));
  return bounds.slice(1).map((end, i) => ({ start: bounds[i] as number, end }));
}

/**
 * The window of a piece's length whose words are worth most together, each counted once, without the ends that are
 * worth nothing; undefined when all are. `inWindow` is all zeros, before and after.
 */
function bestPiece(corpus: Corpus, stretch: Piece, inWindow: Uint16Array): Piece | undefined {
  const { words, worth } = corpus;
  const width = PIECE_BYTES - WORD_BYTES + 1;
  let [sum, best, bestEnd] = [0, 0, stretch.start];
  for (let place = stretch.start; place < stretch.end; place += 1) {
    const comes = words[place] as number;
    if (comes >= 0) {
      if (inWindow[comes] === 0) sum += worth[comes] as number;
      inWindow[comes] = (inWindow[comes] as number) + 1;
    }
    const goes = place - width >= stretch.start ? (words[place - width] as number) : -1;
    if (goes >= 0) {
      inWindow[goes] = (inWindow[goes] as number) - 1;
      if (inWindow[goes] === 0) sum -= worth[goes] as number;
    }
    if (sum > best) [best, bestEnd] = [sum, place + 1];
  }
  for (let place = Math.max(stretch.start, stretch.end - width); place < stretch.end; place += 1) {
    const word = words[place] as number;
    if (word >= 0) inWindow[word] = 0;
  }
  if (best === 0) return undefined;
  return trimmed(corpus, { start: Math.max(stretch.start, bestEnd - width), end: bestEnd });
}

function trimmed({ bytes, words, worth }: Corpus, { start, end }: Piece): Piece {
  const isWorthless = (place: number): boolean => {
    const word = words[place] as number;
    return word < 0 || worth[word] === 0;
  };
  let [first, last] = [start, end - 1];
  while (first < last && isWorthless(first)) first += 1;
  while (last > first && isWorthless(last)) last -= 1;
  return { start: first, end: Math.min(bytes.length, last + WORD_BYTES) };
}

/** What is in the dictionary is worth nothing more. */
function spend({ words, worth }: Corpus, { start, end }: Piece): void {
  for (let place = start; place <= end - WORD_BYTES; place += 1) {
    const word = words[place] as number;
    if (word >= 0) worth[word] = 0;
  }
}
