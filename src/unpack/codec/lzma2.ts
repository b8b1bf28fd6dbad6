import type { Input, More } from './input.ts';
import type { Kernel } from './kernel.ts';
import { type LzmaKernel, PIECE, parseProperties } from './lzma-window.ts';

function* bigEndian16(input: Input): Generator<More, number> {
  const high = yield* input.byte();
  return (high << 8) | (yield* input.byte());
}

/** A LZMA2 stream (the chunks described in xz's "LZMA2" filter, id 0x21) up to its end byte; yields pieces of the window. */
export function* lzma2(input: Input, kernel: Kernel<LzmaKernel>): Generator<More | Uint8Array, void> {
  const { call } = kernel;
  const start = call.INPUT.value;
  const corrupt = () => input.error('corrupt', 'a LZMA2 chunk cannot be decoded');
  const put = (part: Uint8Array, at: number) => kernel.put(part, start + at);
  let needsDictionary = true;
  let needsProperties = true;
  for (;;) {
    const control = yield* input.byte();
    if (control === 0) return;
    if (control >= 0xe0 || control === 1) {
      call.resetDictionary();
      needsDictionary = false;
      needsProperties = true;
    } else if (needsDictionary) {
      throw corrupt();
    }
    if (control < 0x80) {
      if (control > 2) throw corrupt();
      const size = (yield* bigEndian16(input)) + 1;
      yield* input.each(size, put);
      for (let done = 0; done < size; ) {
        const length = Math.min(call.room(), size - done);
        const first = call.at.value;
        call.putPlain(done, length);
        done += length;
        yield kernel.view(first, first + length);
      }
      continue;
    }
    let left = ((control & 0x1f) << 16) + (yield* bigEndian16(input)) + 1;
    const packed = (yield* bigEndian16(input)) + 1;
    if (control >= 0xc0) {
      const properties = parseProperties(yield* input.byte());
      if (properties === undefined || properties.lc + properties.lp > 4) throw corrupt();
      call.setProperties(properties.lc, properties.lp, properties.pb);
      needsProperties = false;
    } else if (needsProperties) {
      throw corrupt();
    }
    if (control >= 0xa0) call.resetState();
    yield* input.each(packed, put);
    if (packed < 5 || !call.resetRange()) throw corrupt();
    const end = start + packed;
    while (left > 0) {
      const length = Math.min(call.room(), left, PIECE);
      const first = call.at.value;
      if (call.decodeWhole(end, first + length) !== 0) throw corrupt();
      left -= length;
      yield kernel.view(first, first + length);
    }
    if (call.from.value !== end || !call.rangeIsDone()) throw corrupt();
  }
}
