import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Spool } from '../../src/evidence/index.ts';

test('records come back by number, whatever the order they were put in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(5000), { maxLength: 200 }), fc.string(), (order, text) => {
      const spool = new Spool<{ n: number; text: string }>();
      for (const n of order) spool.put(n, { n, text });
      expect([...spool.records()].map((record) => record.n)).toEqual([...order].sort((a, b) => a - b));
      expect(spool.length).toBe(order.length === 0 ? 0 : Math.max(...order) + 1);
      spool.close();
    }),
  );
});

test('records that pass through the file are whole, small ones and one larger than the buffer', () => {
  const spool = new Spool<string>();
  const of = (n: number) => String.fromCodePoint(0x20ac + n).repeat(n === 7 ? 900_000 : 2000 + n);
  for (let n = 0; n < 1500; n += 1) spool.put(n, of(n));
  for (const n of [0, 6, 7, 8, 700, 1499]) expect(spool.get(n) === of(n)).toBe(true);
  expect(spool.get(1500)).toBeUndefined();
  spool.close();
});
