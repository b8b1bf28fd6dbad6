import { REJECTED, type Recogniser } from './recogniser.ts';

/** Machine-readable zones of travel documents, TD1, TD2 and TD3, by their check digits. */
export const MRZ: Recogniser = {
  name: 'mrz',
  source: 'ICAO Doc 9303, 8th edition 2021, part 3 section 4.9 (check digits), parts 4, 5 and 6 (TD3, TD1, TD2)',
  pattern:
    '\\b[PIACV][A-Z<][A-Z]{1,3}[A-Z0-9<]{25,41}(?:\\r?\\n|\\\\n| {1,4})?[ \\t]{0,8}[A-Z0-9<]{30,44}' +
    '(?:(?:\\r?\\n|\\\\n| {1,4})?[ \\t]{0,8}[A-Z0-9<]{30})?',
  group: 0,
  accept: (value) => {
    const text = value.replace(/\\n/g, '').replace(/[^A-Z0-9<]/g, '');
    for (const [length, fields] of LAYOUTS) {
      if (text.length === length && fields.every(([begin, end, at]) => digitHolds(text, begin, end, at))) {
        return { accepted: true, evidence: 'check digits of the zone hold' };
      }
    }
    return REJECTED;
  },
};

/** Total length, then [first, last + 1, place of the check digit] of document number, birth and expiry. */
const LAYOUTS: readonly (readonly [number, readonly (readonly [number, number, number])[]])[] = [
  [
    88,
    [
      [44, 53, 53],
      [57, 63, 63],
      [65, 71, 71],
    ],
  ],
  [
    72,
    [
      [36, 45, 45],
      [49, 55, 55],
      [57, 63, 63],
    ],
  ],
  [
    90,
    [
      [5, 14, 14],
      [30, 36, 36],
      [38, 44, 44],
    ],
  ],
];

function digitHolds(text: string, begin: number, end: number, at: number): boolean {
  let sum = 0;
  for (let index = begin; index < end; index++) sum += digitValue(text[index]!) * [7, 3, 1][(index - begin) % 3]!;
  return digitValue(text[at]!) === sum % 10;
}

function digitValue(char: string): number {
  return char === '<' ? 0 : Number.parseInt(char, 36);
}
