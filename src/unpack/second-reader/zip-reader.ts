import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import yauzl from 'yauzl';
import type { RandomAccess } from '../reader.ts';
import type { Tally } from './tally.ts';

const PIECE = 256 * 1024;
/** Types of Unix modes that are no regular file, as zip writers store them (POSIX sys/stat.h values). */
const NOT_FILES: ReadonlySet<number> = new Set([0o01, 0o02, 0o04, 0o06, 0o12, 0o14]);
const REGULAR = 0o10;

class RandomReader extends yauzl.RandomAccessReader {
  private readonly random: RandomAccess;

  constructor(random: RandomAccess) {
    super();
    this.random = random;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const { random } = this;
    return Readable.from(
      (async function* () {
        for (let at = start; at < end; ) {
          const bytes = await random.readAt(at, Math.min(PIECE, end - at));
          if (bytes.length === 0) return;
          at += bytes.length;
          yield Buffer.from(bytes);
        }
      })(),
      { objectMode: false },
    );
  }
}

/** How a reading ended: `late` if nothing came for too long. */
export type ZipReading = 'done' | 'failed' | 'late';

export interface ZipReaderLimits {
  /** Files and bytes it may give; more is a failure. */
  readonly files: number;
  readonly bytes: number;
  /** Milliseconds without progress, and in all. */
  readonly stall: number;
  readonly time: number;
}

/** `yauzl` on an archive that can be sought in; its own inflate is that of zlib. Whatever happens, this settles. */
export function readZip(random: RandomAccess, tally: Tally, limits: ZipReaderLimits): Promise<ZipReading> {
  return new Promise((resolve) => {
    const deadline = performance.now() + limits.time;
    let files = 0;
    let bytes = 0;
    let zip: yauzl.ZipFile | undefined;
    let settled = false;
    const settle = (how: ZipReading): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      zip?.removeAllListeners('entry');
      zip?.on('error', () => undefined);
      resolve(how);
    };
    const timer = setTimeout(() => settle('late'), Math.max(0, Math.min(limits.stall, limits.time)));
    const progress = (): boolean => {
      timer.refresh();
      if (performance.now() > deadline) settle('late');
      else if (files > limits.files || bytes > limits.bytes) settle('failed');
      return !settled;
    };
    const content = (source: yauzl.ZipFile, entry: yauzl.Entry): void => {
      // What it cannot decode is missing in its list; the reading goes on.
      source.openReadStream(entry, (error, stream) => {
        if (settled) return;
        if (error) {
          source.readEntry();
          return;
        }
        const digest = createHash('sha256');
        let size = 0;
        stream.on('data', (piece: Buffer) => {
          digest.update(piece);
          size += piece.length;
          bytes += piece.length;
          if (!progress()) stream.destroy();
        });
        let over = false;
        const next = (whole: boolean): void => {
          if (over || settled) return;
          over = true;
          if (whole) tally.other(entry.fileName as unknown as Buffer, size, digest.digest('hex'));
          source.readEntry();
        };
        stream.on('end', () => next(true));
        stream.on('error', () => next(false));
      });
    };
    const guarded = (run: () => void): void => {
      try {
        run();
      } catch {
        settle('failed');
      }
    };
    const reader = new RandomReader(random);
    reader.read = (buffer, offset, length, position, callback) => {
      random
        .readAt(position, length)
        .then((found) => {
          buffer.set(found, offset);
          // Its own `read` tells how many bytes came, and the check behind this call asks for them.
          (callback as (error: Error | null, count: number) => void)(null, found.length);
        })
        .catch(() => settle('failed'));
    };
    const options = { lazyEntries: true, decodeStrings: false, autoClose: false };
    guarded(() =>
      yauzl.fromRandomAccessReader(reader, random.size, options, (error, opened) => {
        if (error || settled) {
          settle('failed');
          return;
        }
        zip = opened;
        opened.on('error', () => settle('failed'));
        opened.on('end', () => settle('done'));
        opened.on('entry', (entry: yauzl.Entry) => {
          const file = isFile(entry);
          if (file) files += 1;
          if (!progress()) return;
          if (file) guarded(() => content(opened, entry));
          else opened.readEntry();
        });
        opened.readEntry();
      }),
    );
  });
}

function isFile({ versionMadeBy, externalFileAttributes, fileName }: yauzl.Entry): boolean {
  const system = versionMadeBy >>> 8;
  const type = system === 3 || system === 19 ? externalFileAttributes >>> 28 : 0;
  if (NOT_FILES.has(type)) return false;
  return type === REGULAR || (fileName as unknown as Buffer).at(-1) !== 0x2f;
}
