// LZ4 blocks (LZ4 block format description, 2022) in WebAssembly. The frame is walked outside: it hands in one whole block
// at a time. Layout of the memory, from INPUT on:
//   the block as stored, `inputMax` bytes and slack
//   64 KiB of what came before the block
//   the block's content, at most `blockMax` bytes and slack
import { copyFar, copyMatch } from './part/copy';
import { xxh32, xxh32Digest, xxh32Reset, xxh32Update } from './part/xxh32';

export { xxh32, xxh32Digest, xxh32Reset, xxh32Update };

export const INPUT: usize = 0x1000;
const HISTORY: u32 = 0x10000;
const SLACK: u32 = 64;
/** Offset and token behind literals, and the five literals that end every block. */
const TAIL: u32 = 8;

let blockMax: u32 = 0;
/** Where the content of each block begins. */
export let output: usize = 0;
/** Bytes before `output` that may be referred to. */
let history: u32 = 0;
/** Size of the last block's content. */
let produced: u32 = 0;

/** Bytes of memory that blocks of these sizes need. */
export function memoryEnd(inputMax: u32, most: u32): u32 {
  return INPUT + inputMax + SLACK + HISTORY + most + SLACK;
}

export function begin(inputMax: u32, most: u32): void {
  blockMax = most;
  output = INPUT + inputMax + SLACK + HISTORY;
  history = produced = 0;
  xxh32Reset();
}

/** Keeps the end of the last block's content for the next one, or forgets all of it. */
function prepare(linked: bool): void {
  if (!linked) {
    history = 0;
    return;
  }
  const keep = min<u32>(history + produced, HISTORY);
  memory.copy(output - keep, output + produced - keep, keep);
  history = keep;
}

/** A block stored as it is. */
export function rawBlock(length: u32, linked: bool): i32 {
  prepare(linked);
  memory.copy(output, INPUT, length);
  produced = length;
  return length;
}

/** A compressed block of `length` bytes at INPUT. Gives the size of its content, -1 if it is corrupt. */
export function compressedBlock(length: u32, linked: bool): i32 {
  prepare(linked);
  let from: usize = INPUT;
  const end = from + length;
  let to = output;
  const stop = to + blockMax;
  const low = output - history;
  for (;;) {
    if (from >= end) return -1;
    const token = <u32>load<u8>(from++);
    let literals = token >> 4;
    if (literals == 15) {
      let more: u32;
      do {
        if (from >= end) return -1;
        more = load<u8>(from++);
        literals += more;
      } while (more == 255);
    }
    if (literals > <u32>(end - from) || literals > <u32>(stop - to)) return -1;
    copyFar(to, from, literals);
    to += literals;
    from += literals;
    if (from == end) break;
    if (<u32>(end - from) < TAIL) return -1;
    const offset = <u32>load<u16>(from);
    from += 2;
    let match = token & 15;
    if (match == 15) {
      let more: u32;
      do {
        if (from >= end) return -1;
        more = load<u8>(from++);
        match += more;
      } while (more == 255);
    }
    match += 4;
    if (offset == 0 || offset > <u32>(to - low) || match > <u32>(stop - to)) return -1;
    copyMatch(to, offset, match);
    to += match;
  }
  produced = <u32>(to - output);
  return produced;
}
