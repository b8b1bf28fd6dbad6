import { expect, test } from 'vitest';
import { DEFAULT_LIMITS, unpack } from '../../src/unpack/index.ts';
import { BOMBS, MOST_ENTRIES } from './bombs.ts';
import { payloadOf } from './collect.ts';
import { missing } from './tree.ts';

/** Seconds of CPU that any of them may take. */
const MOST = 5;
const limits = { ...DEFAULT_LIMITS, entries: MOST_ENTRIES };

for (const [what, { bytes, gap, needs }] of Object.entries(BOMBS)) {
  const without = needs === undefined ? false : missing(needs);
  test.skipIf(without)(`${what} is stopped${without ? ` (${without})` : ''}`, async () => {
    const payload = payloadOf(bytes(), 'bomb', 262_144);
    const payloads = (async function* () {
      yield payload;
    })();
    const codes = new Set<string>();
    let given = 0;
    const start = process.cpuUsage();
    for await (const event of unpack(payloads, { limits })) {
      if (event.type === 'bytes') given += event.bytes.length;
      if (event.type === 'end') for (const { code } of event.tail.gaps) codes.add(code);
    }
    const { user, system } = process.cpuUsage(start);
    const seconds = (user + system) / 1e6;
    if (process.env['UNPACK_BOMBS'])
      console.log(
        `| ${what} | ${[...codes].join(', ')} | ${(given / 2 ** 20).toFixed(0)} MiB | ${seconds.toFixed(1)} s |`,
      );
    if (gap) expect([...codes]).toContain(gap);
    expect(seconds).toBeLessThan(MOST);
  });
}
