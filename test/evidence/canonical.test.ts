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

test('what is in order already and what is not come out the same', () => {
  const json = fc.jsonValue({ stringUnit: 'binary' }) as fc.Arbitrary<unknown>;
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).reverse();
    return Object.fromEntries([...members.map(([key, member]) => [key, reversed(member)]), ['\uffff~', undefined]]);
  };
  fc.assert(
    fc.property(json, (value) => {
      const attempt = (one: unknown) => {
        try {
          return canonicalJson(one);
        } catch (error) {
          return (error as Error).name;
        }
      };
      const said = attempt(value);
      expect(attempt(reversed(value))).toBe(said);
      if (said !== 'TypeError') expect(attempt(JSON.parse(said))).toBe(said);
    }),
  );
  expect(canonicalJson({ 10: 1, 9: 2 })).toBe('{"10":1,"9":2}');
  expect(canonicalJson(['a \\ud800 in words'])).toBe('["a \\\\ud800 in words"]');
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  expect(() => canonicalJson([undefined])).toThrow(TypeError);
});
