import { expect, test } from 'vitest';
import { EXIT, EXIT_MEANING } from '../../src/model/index.ts';

test('every exit code has a meaning and no two outcomes share one', () => {
  const codes = Object.values(EXIT);
  expect(new Set(codes).size).toBe(codes.length);
  expect(Object.keys(EXIT_MEANING).map(Number).sort()).toEqual([...codes].sort());
});
