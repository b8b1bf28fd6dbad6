import { expect, test } from 'vitest';
import type { Locator, UnpackEvent } from '../../src/model/index.ts';
import { scan, scanText } from '../../src/scan/index.ts';
import { regex, ruleSet } from './packs.ts';

const rules = ruleSet(regex('mail', '\\b[a-z]{1,20}@[a-z]{1,20}\\.[a-z]{2,4}\\b'));

function located(text: string, locator: Locator): (string | null)[] {
  const locators = new Map([['here', locator]]);
  const { findings } = scanText(Buffer.from(text), { where: 'content' }, rules, { locators });
  return findings.map((finding) => {
    const name = text.slice(finding.at.offset, finding.at.offset + finding.at.length);
    return finding.located.length > 0 ? name : null;
  });
}

const xml = (element: string, attribute?: string): Locator => ({ xml: { element, ...(attribute && { attribute }) } });

test.each<[string, Locator, string, (string | null)[]]>([
  ['element', xml('contact'), '<p><contact><m>a@b.de</m></contact><m>c@d.de</m></p>', ['a@b.de', null]],
  ['namespace', xml('contact'), '<p><x:contact>a@b.de</x:contact></p>', ['a@b.de']],
  [
    'path',
    xml('p/contact'),
    '<r><p><contact>a@b.de</contact></p><q><contact>c@d.de</contact></q></r>',
    ['a@b.de', null],
  ],
  ['path from the root', xml('/p/contact'), '<r><p><contact>a@b.de</contact></p></r>', [null]],
  ['CDATA', xml('contact'), '<p><contact><![CDATA[<contact>a@b.de]]></contact></p>', ['a@b.de']],
  ['attribute', xml('contact', 'mail'), '<p><contact mail="a@b.de" other="c@d.de"/></p>', ['a@b.de', null]],
  ['inside a comment', xml('contact'), '<p><!-- <contact>a@b.de</contact> --></p>', [null]],
  ['prose that mentions the element', xml('contact'), 'see <contact>a@b.de</contact>', [null]],
  ['DOCTYPE', xml('contact'), '<!DOCTYPE p><p><contact>a@b.de</contact></p>', [null]],
  ['wrong nesting', xml('contact'), '<p><q></p><contact>a@b.de</contact></p>', [null]],
  ['not closed', xml('contact'), '<p><contact>a@b.de', [null]],
  [
    'json',
    { json: { path: '$.contact.mail' } },
    '{"contact":{"mail":"a@b.de","x":"c@d.de"},"mail":"e@f.de"}',
    ['a@b.de', null, null],
  ],
  [
    'json list',
    { json: { path: '$.c[*]' } },
    '{"c":["a@b.de",{"m":"c@d.de"}],"d":["e@f.de"]}',
    ['a@b.de', 'c@d.de', null],
  ],
  ['json anywhere', { json: { path: '$..mail' } }, '{"a":[{"mail":"a@b.de"}],"mails":"c@d.de"}', ['a@b.de', null]],
  ['not json', { json: { path: '$.mail' } }, '{"mail":"a@b.de"', ['a@b.de']],
  ['key', { key: { name: 'mail' } }, 'mail = a@b.de\nother = c@d.de\n# mail e@f.de\n', ['a@b.de', null, null]],
  [
    'key of a record',
    { key: { name: 'mail' } },
    'name=x,"mail=a@b.de,c@d.de",other=e@f.de\n',
    ['a@b.de', 'c@d.de', null],
  ],
  [
    'key of a stanza',
    { key: { name: 'mail', record: 'root' } },
    'root:\n\tmail = a@b.de\nbin:\n\tmail = c@d.de\n',
    ['a@b.de', null],
  ],
  [
    'column',
    { column: { name: 'mail' } },
    'id,mail,note\n1,a@b.de,c@d.de\n2,"e@f.de",x\n\n3,g@h.de,x\n',
    ['a@b.de', null, 'e@f.de', null],
  ],
  ['aligned column', { column: { name: 'USER' } }, 'PID USER   CMD\n  1 a@b.de c@d.de\n', ['a@b.de', null]],
])('%s', (_, locator, text, expected) => {
  expect(located(text, locator)).toEqual(expected);
});

test('instances are counted by their text, however it is spaced', () => {
  const text = '<p><contact>a@b.de  X</contact><contact> A@b.de x </contact><contact>c@d.de</contact></p>';
  const locators = new Map([['here', xml('contact')]]);
  const { findings } = scanText(Buffer.from(text.replace('A@', 'a@')), { where: 'content' }, rules, { locators });
  expect(new Set(findings.map((finding) => finding.located[0]!.instance)).size).toBe(2);
});

test('however the bytes arrive', async () => {
  const text = `<?xml version="1.0"?>\n<p>${'<contact mail="q@r.de"><m>a@b.de</m></contact><!-- - -> --><m>c@d.de</m>'.repeat(20)}</p>`;
  const locators = new Map([['here', xml('contact')]]);
  const entry = {
    ordinal: 0,
    parent: undefined,
    path: ['x'] as [string],
    name: Buffer.from('x'),
    kind: 'file',
    where: 'content',
  } as const;
  const tail = { size: 0, sha256: null, media: '', coverage: 'decoded', highEntropy: false, gaps: [] } as const;
  const counts: number[] = [];
  for (const size of [1, 7, 100_000]) {
    async function* events(): AsyncGenerator<UnpackEvent> {
      for (let at = 0; at < text.length; at += size)
        yield { type: 'bytes', entry, bytes: Buffer.from(text.slice(at, at + size)) };
      yield { type: 'end', entry, tail };
    }
    for await (const { findings } of scan(events(), rules, { locators })) {
      counts.push(findings.filter((finding) => finding.located.length > 0).length);
    }
  }
  expect(counts).toEqual([20, 20, 20]);
});
