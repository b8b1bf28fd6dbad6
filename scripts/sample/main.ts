import { parseArgs } from 'node:util';
import { buildDraft } from './build-draft.ts';
import { LEAKS } from './leaks.ts';
import { places } from './plant.ts';
import { Rng } from './rng.ts';
import { writeSample, writeTruth } from './write-sample.ts';

const USAGE = `usage: npm run sample -- --out FILE [--size 0.5MiB] [--seed N] [--leak NAME[@PLACE]]... [--truth FILE]
                     [--wrapper] [--without TYPE]... [--list-leaks]
`;
const UNITS: Readonly<Record<string, number>> = { '': 1, B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

function bytes(text: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMG]iB|B|)$/.exec(text) ?? [];
  if (count === '') throw new RangeError(`--size ${text}: give a number and B, KiB, MiB or GiB`);
  return Math.round(Number(count) * (UNITS[unit] as number));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      size: { type: 'string' },
      seed: { type: 'string', default: '1' },
      leak: { type: 'string', multiple: true, default: [] },
      without: { type: 'string', multiple: true, default: [] },
      truth: { type: 'string' },
      wrapper: { type: 'boolean', default: false },
      'list-leaks': { type: 'boolean', default: false },
    },
  });
  if (values['list-leaks']) {
    for (const leak of LEAKS) {
      process.stdout.write(
        `${leak.name.padEnd(22)} ${`${leak.place}${leak.movable ? ' *' : ''}`.padEnd(18)} ${leak.verdict.padEnd(11)} ${leak.title}\n`,
      );
    }
    process.stdout.write(`\n* may be moved to: ${[...new Set(places(buildDraft(new Rng('places'))))].join(' ')}\n`);
    return;
  }
  if (values.out === undefined) throw new RangeError('--out is missing');
  const leaks = values.leak.includes('all') ? LEAKS.map((leak) => leak.name) : values.leak;
  const truth = await writeSample({
    out: values.out,
    seed: values.seed,
    leaks,
    without: values.without,
    wrapper: values.wrapper,
    ...(values.size === undefined ? {} : { size: bytes(values.size) }),
  });
  if (values.truth !== undefined) writeTruth(values.truth, truth);
  process.stdout.write(
    `${values.out} ${truth.bundle.size} bytes sha256 ${truth.bundle.sha256}, ${truth.leaks.length} leaks: ${truth.outcome}\n`,
  );
}

main().catch((error: Error) => {
  process.stderr.write(
    `${error.message}\n${error instanceof RangeError || 'code' in error ? USAGE : `${error.stack}\n`}`,
  );
  process.exitCode = 2;
});
