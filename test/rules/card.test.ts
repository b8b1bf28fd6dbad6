import { describe, expect, test } from 'vitest';
import { loadRulePacks } from '../../src/rules/index.ts';
import { scanText } from '../../src/scan/index.ts';

const rules = loadRulePacks(['personal']);

/** Confidence of the card found in a text, or none. */
function card(text: string): string | undefined {
  const { findings } = scanText(Buffer.from(text), { where: 'content' }, rules);
  return findings.find(({ rule }) => rule === 'personal/card')?.confidence;
}

describe('a card is told by how it stands, not by its check digit', () => {
  test.each([
    ['high', 'my card number is 4539578763621486'],
    ['high', 'pan=5425233430109903'],
    ['high', 'Kreditkarte: 4539 5787 6362 1486'],
    ['high', 'a;b;4539578763621486;12/28;c'],
    ['high', 'account,pan,exp\n7,4539578763621486,1228'],
    ['high', '4539578763621486=2705101000000000'],
    ['high', '卡号：4539578763621486'],
    ['medium', '4539578763621486'],
    ['medium', 'first line\n4539578763621486\nlast line'],
    ['medium', '4539578763621486\n5425233430109903\n'],
    ['medium', '4539-5787-6362-1486'],
    ['medium', 'Please charge 4539578763621486 for the order'],
    ['medium', '17,Maria Lindqvist,4539578763621486,Lund'],
    ['low', '1700000000.123456 hmclogd[4711]: session 4539578763621486 closed after 312 ms'],
    ['low', 'rx_octets: 4539578763621486'],
    ['low', '4539578763621486,8837300883042215,9448123456789,771234567890'],
    ['low', '{"ts":1700000000123,"id":"4539578763621486","seq":771234567890}'],
    ['low', 'license 4539-5787-6362-1486 product'],
    ['low', 'a 0 - 0 0 4539 5787 6362 1486 - - - p f'],
    ['low', 'dump 8c\n4539 5787 6362 1486 7788 99aa'],
  ])('%s: %j', (confidence, text) => {
    expect(card(text)).toBe(confidence);
  });

  test('a fraction is none', () => {
    expect(card('4539578763621486.25')).toBeUndefined();
  });
});
