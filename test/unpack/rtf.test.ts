import fc from 'fast-check';
import { expect, test } from 'vitest';
import { zipOf } from './archive-builder.ts';
import { type Collected, collect, gapsOf, payloadOf, shows } from './collect.ts';

const read = async (text: string | Buffer, seekable = true): Promise<Collected[]> =>
  (await collect(payloadOf(Buffer.from(text as string), 'a.rtf', 4096, seekable))).entries;

const textOf = (entries: readonly Collected[]): string =>
  entries.find(({ entry }) => entry.path.at(-1) === '#text@0')?.content.toString() ?? '';

test('escapes are characters, paragraphs are lines, formatting splits nothing', async () => {
  const rtf =
    String.raw`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 pass{\b wo}rd=Xk7\'e4\u8364?z\par` +
    '\r\n' +
    String.raw`{\uc2\u945 ab}c\cell d\tab \{e\}\row 41{\i 11}11\~x}`;
  for (const seekable of [true, false]) {
    const entries = await read(rtf, seekable);
    expect(gapsOf(entries)).toEqual([]);
    expect(textOf(entries)).toBe('Arial;password=Xk7ä€z\nαc\td\t{e}\n411111 x');
    expect(entries[0]!.tail).toMatchObject({ coverage: 'decoded', media: 'application/rtf' });
  }
});

test('double-byte code pages are decoded', async () => {
  expect(textOf(await read(String.raw`{\rtf1\ansicpg932 \'93\'fa\'96\'7b}`))).toBe('日本');
});

test('what is embedded in digits or bytes is an entry that is opened', async () => {
  const zip = zipOf([{ name: 'theme.xml', data: 'needle in a theme' }]);
  const hex = zip.toString('hex').replace(/.{64}/g, '$&\r\n');
  const png = Buffer.from('\x89PNG\r\n\x1a\nrest of the picture', 'latin1');
  const entries = await read(
    Buffer.concat([
      Buffer.from(
        `{\\rtf1{\\*\\themedata ${hex}}{\\pict{\\*\\blipuid 00ff}\\pngblip\\picw10 ${png.toString('hex')}}{\\pict\\bin${png.length} `,
      ),
      png,
      Buffer.from('}text}'),
    ]),
  );
  expect(shows(entries, 'needle in a theme')).toBe(true);
  expect(gapsOf(entries).filter((gap) => gap.endsWith(': not-decoded')).length).toBe(2);
  expect(textOf(entries)).toBe('text');
});

test('a document that is cut off is unread, and any document ends', async () => {
  expect(gapsOf(await read(String.raw`{\rtf1 text {\b more`))).toEqual(['#text@0: truncated']);
  const piece = fc.constantFrom(
    '{',
    '}',
    '\\',
    "\\'41",
    '\\u65',
    '?',
    '\\pict',
    '\\bin9 ',
    '\\bin99999999999',
    'ff',
    '\\uc9',
    '\\*',
    'x',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 50 }), async (pieces) => {
      await read(`{\\rtf1${pieces.join('')}`);
    }),
    { numRuns: 200 },
  );
  const started = performance.now();
  for (const part of ['{', '{\\pict ', '\\pict', '}', '\\u1', '\\bin1 ', '\\', '{\\pict a{'])
    await read(`{\\rtf1${part.repeat(100_000)}`);
  expect(performance.now() - started).toBeLessThan(20_000);
});
