import type { Format } from '../box.ts';
import { CODECS, type Codec } from '../codec/index.ts';
import { DecoderSource } from '../decoder-source.ts';
import { ByteReader } from '../reader.ts';
import { unwrap } from '../unwrap.ts';

const MEDIA: Readonly<Record<string, string>> = {
  zstd: 'application/zstd',
  xz: 'application/x-xz',
  lzip: 'application/lzip',
  lzma: 'application/x-lzma',
  bzip2: 'application/x-bzip2',
  lz4: 'application/x-lz4',
  compress: 'application/x-compress',
};

/** A codec as a format: what it decodes is walked like the content of a gzip file. */
export function codecFormat(codec: Codec): Format {
  return {
    id: codec.id,
    media: MEDIA[codec.id] ?? `application/x-${codec.id}`,
    sniff: (head) => codec.sniff(head),
    *walk(box) {
      const decoder = codec.open({ memory: box.budget.limits.memory });
      const source = new DecoderSource(decoder, box.reader, box.budget, box);
      try {
        yield* unwrap(box, new ByteReader(source), undefined, source.asides);
      } finally {
        decoder.close();
      }
      box.ledger.take('entry', box.reader.position);
      yield* box.tail('tail', 'tail');
    },
  };
}

export const CODEC_FORMATS: readonly Format[] = CODECS.map(codecFormat);
