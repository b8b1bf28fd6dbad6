import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { type Codec, CodecError, type Decoded } from '../../../src/unpack/codec/index.ts';

export const LIMITS = { memory: 256 << 20 };

/** A small generator of numbers (xorshift32), so that every run sees the same bytes. */
export function random(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

export function noise(length: number, seed = 7): Buffer {
  const next = random(seed);
  return Buffer.from(Array.from({ length }, () => next() & 255));
}

export function text(length: number, seed = 3): Buffer {
  const next = random(seed);
  const words = ['partition', 'error', 'lpar', 'console', 'managed', 'system', 'SRC', 'B181', 'fan', 'power', 'event'];
  const out: string[] = [];
  for (let size = 0; size < length; ) {
    const word = `${words[next() % words.length]}${next() % 5 === 0 ? ` ${next() % 100000}` : ''}${next() % 9 === 0 ? '\n' : ' '}`;
    out.push(word);
    size += word.length;
  }
  return Buffer.from(out.join('')).subarray(0, length);
}

/** Text, noise, long runs and far repeats, 5 MB of them. */
function mixed(): Buffer {
  const a = text(900_000);
  const parts = [a, noise(300_000), Buffer.alloc(700_000, 0), a.subarray(1000, 600_000), Buffer.alloc(99_999, 'ab')];
  parts.push(text(1_000_000, 11), a.subarray(0, 800_000), noise(40_000, 9), Buffer.alloc(500_000, 'xyz'), a);
  return Buffer.concat(parts).subarray(0, 5_000_000);
}

export const CONTENTS: Readonly<Record<string, Buffer>> = {
  empty: Buffer.alloc(0),
  'one byte': Buffer.from('x'),
  'short text': Buffer.from('a man, a plan, a canal: panama. a man, a plan, a cat.'),
  text: text(200_000),
  noise: noise(150_000),
  run: Buffer.alloc(1_000_000, 'r'),
  mixed: mixed(),
};

/** Runs a tool as a filter; fails the test where the tool fails. */
export function filter(command: string, args: readonly string[], input: Uint8Array): Buffer {
  const run = spawnSync(command, args, { input, maxBuffer: 1 << 28 });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${run.stderr}`);
  return run.stdout;
}

/** What a tool makes of bytes that may be broken: its output, or nothing if it complains. */
export function attempt(command: string, args: readonly string[], input: Uint8Array): Buffer | undefined {
  const run = spawnSync(command, args, { input, maxBuffer: 1 << 28 });
  return run.status === 0 ? run.stdout : undefined;
}

export interface Whole {
  readonly bytes: Buffer;
  readonly asides: readonly { where: string; offset: number; bytes: Buffer }[];
  /** What does not belong to the stream. */
  readonly rest: Buffer;
}

/** Decodes everything, `chunk` bytes at a time. */
export function decode(codec: Pick<Codec, 'open'>, input: Uint8Array, chunk = input.length, limits = LIMITS): Whole {
  const decoder = codec.open(limits);
  const data: Buffer[] = [];
  const asides: Whole['asides'][number][] = [];
  const take = (piece: Decoded): void => {
    expect(piece.bytes.length).toBeGreaterThan(0);
    expect(piece.bytes.length).toBeLessThanOrEqual(1 << 20);
    if (piece.type === 'data') data.push(Buffer.from(piece.bytes));
    else asides.push({ where: piece.where, offset: piece.offset, bytes: Buffer.from(piece.bytes) });
  };
  try {
    let at = 0;
    let rest: Buffer | undefined;
    while (at < input.length && rest === undefined) {
      const part = input.subarray(at, at + Math.max(1, chunk));
      for (const piece of decoder.feed(part)) take(piece);
      at += decoder.consumed;
      if (decoder.consumed < part.length) rest = Buffer.concat([decoder.leftover, input.subarray(at)]);
    }
    decoder.end();
    expect(decoder.finished).toBe(true);
    return { bytes: Buffer.concat(data), asides, rest: rest ?? Buffer.from(decoder.leftover) };
  } finally {
    decoder.close();
  }
}

/** The error of a stream that must not decode. */
export function refusal(codec: Pick<Codec, 'open'>, input: Uint8Array, chunk?: number, limits = LIMITS): CodecError {
  try {
    decode(codec, input, chunk, limits);
  } catch (error) {
    if (error instanceof CodecError) return error;
    throw error;
  }
  throw new Error('decoded without an error');
}

export function expectSame(actual: Buffer, expected: Uint8Array): void {
  // A plain `toEqual` on megabytes is slow and its message would be as long.
  if (Buffer.compare(actual, expected) !== 0) {
    const at = actual.findIndex((byte, i) => byte !== expected[i]);
    throw new Error(`bytes differ: ${actual.length} of ${expected.length}, first at ${at}`);
  }
}

/** Every chunking gives the same bytes; each length cut short is an error or the whole content (`cut` may allow that). */
export function expectChunks(codec: Codec, packed: Buffer, content: Buffer): void {
  for (const chunk of packed.length > 20_000 ? [4096, 65_537] : [1, 7, 4096]) {
    const whole = decode(codec, packed, chunk);
    expectSame(whole.bytes, content);
    expect(whole.rest.length).toBe(0);
  }
}

/** Every proper prefix is refused, except those in `borders`, where a stream ends. */
export function expectTruncations(codec: Pick<Codec, 'open'>, packed: Buffer, borders: readonly number[] = []): void {
  for (let length = 1; length < packed.length; length++) {
    if (borders.includes(length)) continue;
    const decoder = codec.open(LIMITS);
    const prefix = packed.subarray(0, length);
    let code = '';
    try {
      for (const _ of decoder.feed(prefix)) if (decoder.finished) throw new Error('finished within a piece');
      expect(decoder.finished, `finished after ${length}`).toBe(false);
      decoder.end();
      // The beginning of a magic number is nobody's stream.
      if (decoder.leftover.length === length) code = 'truncated';
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      code = error.code;
    }
    expect(code, `cut at ${length} of ${packed.length}`).toBe('truncated');
    decoder.close();
  }
}

/** Flips bits and bytes behind the first `from`: each mutant is refused, or gives what the tool gives. */
export function expectMutants(
  codec: Pick<Codec, 'open'>,
  packed: Buffer,
  tool: readonly [string, ...string[]],
  count = 500,
  from = 0,
): void {
  const next = random(packed.length + count);
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const mutant = Buffer.from(packed);
    const changes = 1 + (next() % 3 === 0 ? next() % 4 : 0);
    for (let k = 0; k < changes; k++) {
      const at = from + (next() % (mutant.length - from));
      mutant[at] = next() % 2 === 0 ? mutant[at]! ^ (1 << (next() % 8)) : next() & 255;
    }
    if (mutant.equals(packed)) continue;
    let whole: Whole;
    try {
      whole = decode(codec, mutant, 1 + (next() % 5000));
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
      refused++;
      continue;
    }
    // Bytes behind the stream are named as such: nothing is missing silently.
    if (whole.rest.length > 0) continue;
    const reference = attempt(tool[0], tool.slice(1), mutant);
    if (reference === undefined) {
      const changed = [...mutant.keys()].filter((at) => mutant[at] !== packed[at]);
      throw new Error(
        `mutant ${i}, changed at ${changed}: decoded to ${whole.bytes.length}, but ${tool[0]} refuses it`,
      );
    }
    expectSame(whole.bytes, reference);
  }
  expect(refused).toBeGreaterThan(0);
}

/** A test that needs a tool of the system; skipped, with the tool's name, where it is absent. */
export function testWith(tool: string, name: string, body: () => void): void {
  const missing = spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0;
  test.skipIf(missing)(missing ? `${name} (skipped: ${tool} is not installed)` : name, body);
}
