import type { EntryTail } from '../../model/index.ts';
import type { Box } from '../box.ts';
import { RATIO_ARMED_AFTER } from '../limits.ts';
import { type Co, type RandomAccess, wait } from '../reader.ts';
import type { ReaderDefectId } from './defects.ts';
import { Tally } from './tally.ts';
import { TarReader } from './tar-reader.ts';
import { readZip } from './zip-reader.ts';

/** A second reading of one container, next to our own. */
export interface SecondReading {
  /** A file of the container, as our walk read it. */
  own(name: Uint8Array, tail: Pick<EntryTail, 'size' | 'sha256'>, defect: ReaderDefectId | undefined): void;
  /** A zip archive without what lies in front of it and behind it; without a directory there is none to compare. */
  archive(random: RandomAccess): void;
  /** Once our walk is done: the gap where the readers disagree. */
  finish(box: Box): Co<void>;
}

/** Begins a second reading of a layer before its first byte is taken; `undefined` for formats without a second reader. */
export function secondReading(format: string, box: Box): SecondReading | undefined {
  const tally = new Tally();
  let archive: RandomAccess | undefined;
  const about = {
    own: (name: Uint8Array, { size, sha256 }: Pick<EntryTail, 'size' | 'sha256'>, defect: ReaderDefectId | undefined) =>
      tally.own(name, size, sha256, defect),
    archive: (random: RandomAccess) => {
      archive = random;
    },
  };
  if (format === 'tar') {
    const reader = new TarReader(tally, box.budget.limits.entryMetadata);
    box.reader.tap((bytes) => reader.write(bytes));
    return {
      ...about,
      // biome-ignore lint/correctness/useYield: the bytes went by already
      *finish() {
        compare(box, 'tar', tally, reader.finish() ? undefined : 'could not read the archive');
      },
    };
  }
  if (format !== 'zip') return undefined;
  return {
    ...about,
    *finish() {
      const { budget } = box;
      if (!archive) return;
      const { ratio, stall } = budget.limits;
      const how = yield* wait(
        readZip(archive, tally, {
          files: tally.files,
          bytes: tally.bytes ?? RATIO_ARMED_AFTER + ratio * archive.size,
          stall: stall * 1000,
          time: budget.timeLeft,
        }),
      );
      budget.check();
      compare(box, 'yauzl', tally, how === 'done' ? undefined : HOW[how]);
    },
  };
}

const HOW = { failed: 'could not read the archive', late: 'gave nothing for too long' } as const;

function compare(box: Box, reader: string, tally: Tally, failure: string | undefined): void {
  const { ours, theirs } = tally.finish();
  if (failure === undefined && ours === 0 && theirs === 0) return;
  const detail = failure ?? `does not give ${ours} of ${tally.files} files, and gives ${theirs} others`;
  box.gap('readers-disagree', `the second reader ${reader} ${detail}`);
}
