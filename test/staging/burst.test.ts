import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesIn, judge, newStage, openWatch } from './stage.ts';

let root: string;
beforeEach(() => {
  // In memory where there is such a place: what is measured is how soon files are seen, not how long a disk syncs.
  root = newStage(existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const SETTLE = 600;
const INTERVAL = 150;

test('a burst of 500 with slow writers and a tree moved in: all of them, none while it is written', async () => {
  const texts = new Map<string, string>();
  /** By size, which no two have in common: when the last byte came, and the longest pause before one. */
  const written = new Map<number, { last: number; pause: number }>();
  const plan = (name: string): string => {
    const text = `${name} ${'x'.repeat(100 + texts.size)} END`.padEnd(400 + texts.size, '.');
    texts.set(name, text);
    return text;
  };
  const claimed = new Map<number, number>();
  const scans: number[] = [];
  let published = 0;
  const { watch } = await openWatch(root, judge().examination, {
    settleMs: SETTLE,
    intervalMs: INTERVAL,
    jobs: 8,
    tell: (event) => {
      if (event.event === 'published') published += 1;
      if (event.event === 'claimed') claimed.set(Number(event['size']), performance.now());
    },
  });
  const stop = new AbortController();
  const running = watch.forever(stop.signal);
  const ticks = setInterval(() => scans.push(performance.now()), INTERVAL);

  const at = (name: string) => join(root, 'incoming', name);
  const whole = (path: string, name: string) => {
    const text = plan(name);
    writeFileSync(path, text);
    written.set(text.length, { last: performance.now(), pause: 0 });
  };
  for (let index = 0; index < 200; index += 1) whole(at(`quick-${index}`), `quick-${index}`);
  const tree = join(root, 'tree', 'deep');
  mkdirSync(tree, { recursive: true });
  for (let index = 0; index < 200; index += 1) whole(join(tree, `${index}`), `tree/deep/${index}`);
  renameSync(join(root, 'tree'), at('tree'));
  const slow = Array.from({ length: 100 }, async (_, index) => {
    const name = `slow-${index}`;
    const text = plan(name);
    const file = openSync(at(name), 'w');
    let [pause, last] = [0, performance.now()];
    for (let part = 0; part < 8; part += 1) {
      await sleep(SETTLE / 6);
      writeSync(file, text.slice((part * text.length) >> 3, ((part + 1) * text.length) >> 3));
      pause = Math.max(pause, performance.now() - last);
      last = performance.now();
    }
    closeSync(file);
    written.set(text.length, { last, pause });
  });
  await Promise.all(slow);
  for (let tries = 0; published < 500 && tries < 1200; tries += 1) await sleep(100);
  stop.abort();
  const tally = await running;
  watch.close();
  clearInterval(ticks);

  const names = filesIn(join(root, 'cleared')).filter((file) => !file.includes('.clearance.'));
  expect(names).toEqual([...texts.keys()].sort());
  expect(tally).toMatchObject({ cleared: 500, troubles: 0 });
  for (const [name, text] of texts) {
    // A writer that a busy machine made pause longer than it meant to is none of those that this is about.
    if (written.get(text.length)!.pause < SETTLE) expect(readFileSync(join(root, 'cleared', name), 'utf8')).toBe(text);
  }
  // What the machine adds to a timer is seen in how far our own ticks stand apart.
  const late = Math.max(...scans.map((time, index) => time - (scans[index - 1] ?? time)));
  for (const [size, { last, pause }] of written) {
    if (pause >= SETTLE) continue;
    expect(claimed.get(size)! - last).toBeLessThanOrEqual(SETTLE + 2 * (INTERVAL + late) + INTERVAL);
  }
});
