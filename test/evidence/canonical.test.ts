import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/evidence/index.ts';

test('RFC 8785 section 3.2.3: members are sorted by UTF-16 code units', () => {
  const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 };
  expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
});

test('RFC 8785 section 3.2.2: numbers and literals', () => {
  expect(canonicalJson([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0, null, true, false])).toBe(
    '[333333333.3333333,1e+30,4.5,0.002,1e-27,0,null,true,false]',
  );
});

test('what JSON cannot carry is refused', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { a: ['\udfff'] }, () => 1, 1n]) {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  }
});

test('the form is stable and loses nothing', () => {
  const json = fc.jsonValue({ stringUnit: 'grapheme' }) as fc.Arbitrary<unknown>;
  fc.assert(
    fc.property(json, (value) => {
      const once = canonicalJson(value);
      expect(JSON.parse(once)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(JSON.parse(once))).toBe(once);
    }),
  );
});
