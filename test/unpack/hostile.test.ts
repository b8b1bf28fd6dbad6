import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { tarOf } from './archive-builder.ts';
import { collect, payloadOf, shows } from './collect.ts';
import { CANARY, HOSTILE } from './hostile.ts';

for (const [title, { bytes, gaps, hides }] of Object.entries(HOSTILE)) {
  test(title, async () => {
    const archive = bytes();
    const ways = [
      payloadOf(archive, 'hostile', 65536, true),
      payloadOf(archive, 'hostile', 700, false),
      payloadOf(gzipSync(tarOf({ name: 'hostile', data: archive })), 'outer.tgz', 300, false),
    ];
    for (const way of ways) {
      const { entries } = await collect(way);
      const codes = entries.flatMap(({ tail }) => tail.gaps.map(({ code }) => code));
      for (const code of gaps) expect(codes).toContain(code);
      if (gaps.length === 0) expect(codes).toEqual([]);
      expect(codes).not.toContain('ledger-hole');
      if (hides) expect(shows(entries, CANARY)).toBe(true);
      // A detail is ours alone: nothing of the payload may be in it.
      expect(JSON.stringify(entries.map(({ tail }) => tail.gaps))).not.toContain('CANARY');
    }
  });
}
