import { expect, test } from 'vitest';
import { Budget } from '../../src/unpack/budget.ts';
import { DEFAULT_LIMITS } from '../../src/unpack/index.ts';
import { InlineSevenZip } from '../../src/unpack/seven-zip/inline.ts';
import { missing, noise, Tree } from './tree.ts';

const job = (bytes: Buffer) => {
  const archive = new SharedArrayBuffer(bytes.length);
  new Uint8Array(archive).set(bytes);
  return { archive, type: '7z', memory: 2 ** 28 };
};

test.skipIf(missing('7z'))('a decoder that gives nothing for too long is late, in this process too', async () => {
  const tree = new Tree().file('x', noise(400_000));
  const bytes = tree.make('a.7z', '7z a -bd a.7z tree >/dev/null');
  tree.remove();
  const late = new InlineSevenZip(job(bytes), new Budget({ ...DEFAULT_LIMITS, stall: 0 }));
  expect(await late.next()).toBe('late');
  late.close();
  const stopped = new InlineSevenZip(job(bytes), new Budget({ ...DEFAULT_LIMITS, time: 0 }));
  await expect(stopped.next()).rejects.toThrow('over-time');
  stopped.close();
});

test.skipIf(missing('7z'))('it charges what it gives before it is kept', async () => {
  const tree = new Tree().file('x', Buffer.alloc(100_000_000));
  const bytes = tree.make('a.7z', '7z a -bd a.7z tree >/dev/null');
  tree.remove();
  const inline = new InlineSevenZip(job(bytes), new Budget({ ...DEFAULT_LIMITS, bytes: 2 ** 20 }));
  expect(await inline.next()).toMatchObject({ type: 'listed', code: 0 });
  await expect(inline.next()).rejects.toThrow('over-bytes');
  inline.close();
});
