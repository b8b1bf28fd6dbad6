import type { Box } from './box.ts';
import type { StreamAside } from './decoder-source.ts';
import { isEmptyTar, tar } from './format/tar.ts';
import { baseName } from './names.ts';
import type { ByteReader, Co } from './reader.ts';
import { remaining } from './sources.ts';

/** Endings that a codec adds to a name; `.tgz` and its like stay, as they name the tar too. */
const ENDING = /\.(gz|z|Z|xz|lzma|bz2|zst|lz4|lz)$/;

/** A tar without members is at most one record, of 20 blocks by default and rarely more. */
const EMPTY_REACH = 64 * 1024;

/**
 * Walks what a codec gives: a tar is a further layer of the same entry, anything else a member of its own, named by the
 * codec's header, or like its container without the codec's ending. `asides` fills while decoding; it is handed on
 * before and after, also when the decoder broke, as no other entry may be open then.
 */
export function* unwrap(box: Box, inner: ByteReader, name: Uint8Array | undefined, asides: StreamAside[]): Co<void> {
  const flush = function* (): Co<void> {
    for (const { label, offset, where, bytes } of asides.splice(0)) yield* box.aside(label, offset, where, bytes);
  };
  try {
    const head = yield* inner.peek(EMPTY_REACH);
    yield* flush();
    const isTar = tar.sniff(head, undefined, undefined) || (head.length < EMPTY_REACH && isEmptyTar(head));
    if (isTar && box.depth < box.budget.limits.depth) {
      yield* box.walk.layer(tar, box.inner(inner));
    } else {
      const named = name && name.length > 0 ? name : derivedName(box.entry.name);
      yield* box.member({ name: named, kind: 'file', source: remaining(inner) });
    }
  } catch (error) {
    yield* flush();
    throw error;
  } finally {
    inner.close();
  }
  yield* flush();
}

function derivedName(container: Uint8Array): Uint8Array {
  const base = Buffer.from(baseName(container)).toString('latin1');
  const cut = base.replace(ENDING, '');
  return Buffer.from(cut !== base && cut !== '' && !cut.startsWith('#') ? cut : 'content', 'latin1');
}
