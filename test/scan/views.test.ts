import { spawnSync } from 'node:child_process';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { RawFinding, UnpackEvent } from '../../src/model/index.ts';
import { scan, scanText } from '../../src/scan/index.ts';
import { regex, ruleSet } from './packs.ts';

const rules = ruleSet(
  regex('mail', '\\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){0,8}\\.[A-Za-z]{2,24}\\b'),
  {
    id: 'secret',
    match: { regex: { pattern: '(?i)\\bpassword\\s{0,3}[=:]\\s{0,3}["\']?([^\\s"\']{4,64})', group: 1 } },
  },
);
const TEXT = 'first line\nmail joe.doe@example.org, password = "hunter2000"\nand the rest of it\n';

const utf32 = (text: string): Buffer =>
  Buffer.concat([...text].map((char) => Buffer.from([char.charCodeAt(0) & 0xff, char.charCodeAt(0) >> 8, 0, 0])));
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const iconv = (text: string, to: string): Buffer =>
  spawnSync('iconv', ['-f', 'UTF-8', '-t', to], { input: text }).stdout;
const percent = (text: string): string =>
  encodeURIComponent(text).replace(/[.'()]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
const random = Buffer.from(Array.from({ length: 999 }, (_, at) => (Math.imul(at + 7, 2654435761) >>> 13) & 0xff));

/** `view offset+length line:column` of each finding of a rule. */
function places(bytes: Uint8Array, rule: string): string[] {
  return scanText(bytes, { where: 'content' }, rules)
    .findings.filter((finding) => finding.rule === `test/${rule}`)
    .map(({ at }) => `${at.view} ${at.offset}+${at.length} ${at.line}:${at.column}`);
}

describe('every encoding, with places in the payload', () => {
  test.each<[string, Uint8Array, string, string]>([
    ['plain', Buffer.from(TEXT), 'utf-8 16+19 2:6', 'utf-8 49+10 2:39'],
    ['UTF-16LE', Buffer.from(TEXT, 'utf16le'), 'utf-16le 32+38 2:6', 'utf-16le 98+20 2:39'],
    ['UTF-16LE with mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le'), 'utf-16le 34+38 2:6', 'utf-16le 100+20 2:39'],
    ['UTF-16BE', utf16be(TEXT), 'utf-16be 32+38 2:6', 'utf-16be 98+20 2:39'],
    ['UTF-16BE with mark', utf16be(`\ufeff${TEXT}`), 'utf-16be 34+38 2:6', 'utf-16be 100+20 2:39'],
    ['UTF-32LE', utf32(TEXT), 'utf-32le 64+76 2:6', 'utf-32le 196+40 2:39'],
    ['UTF-32LE with mark', utf32(`\ufeff${TEXT}`), 'utf-32le 68+76 2:6', 'utf-32le 200+40 2:39'],
    ['UTF-32BE', utf32(TEXT).swap32(), 'utf-32be 64+76 2:6', 'utf-32be 196+40 2:39'],
    ['UTF-32BE with mark', utf32(`\ufeff${TEXT}`).swap32(), 'utf-32be 68+76 2:6', 'utf-32be 200+40 2:39'],
    [
      'UTF-32LE in a binary, behind zeros and odd',
      Buffer.concat([Buffer.from([7, 1, 0xff]), Buffer.alloc(50), utf32(TEXT), Buffer.from([0xff])]),
      'utf-32le 117+76 2:6',
      'utf-32le 249+40 2:39',
    ],
    [
      'UTF-16LE in a binary, odd',
      Buffer.concat([Buffer.from([1, 0xff, 0xfe]), Buffer.from(TEXT, 'utf16le'), Buffer.from([0xff])]),
      'utf-16le 35+38 2:6',
      'utf-16le 101+20 2:39',
    ],
    [
      'base64',
      Buffer.from(`x: ${Buffer.from(TEXT).toString('base64')} y`),
      'base64>utf-8 24+26 1:25',
      'base64>utf-8 68+14 1:69',
    ],
    [
      'base64url without padding',
      Buffer.from(`x=${Buffer.from(TEXT).toString('base64url')}`),
      'base64>utf-8 23+26 1:24',
      'base64>utf-8 67+14 1:68',
    ],
    [
      'base64 in lines',
      Buffer.from(`a\n${Buffer.from(TEXT).toString('base64').replace(/.{64}/g, '$&\r\n')}\n`),
      'base64>utf-8 23+26 2:22',
      'base64>utf-8 69+14 3:2',
    ],
    ['hex', Buffer.from(`x=${Buffer.from(TEXT).toString('hex')}`), 'hex>utf-8 34+38 1:35', 'hex>utf-8 100+20 1:101'],
    [
      'base64 of UTF-16',
      Buffer.from(`x=${Buffer.from(TEXT, 'utf16le').toString('base64')}`),
      'base64>utf-16le 44+52 2:6',
      'base64>utf-16le 132+28 2:39',
    ],
    [
      'UTF-16 of base64',
      Buffer.from(`x=${Buffer.from(TEXT).toString('base64')}`, 'utf16le'),
      'utf-16le>base64>utf-8 46+52 1:24',
      'utf-16le>base64>utf-8 134+28 1:68',
    ],
    [
      'base64 of base64',
      Buffer.from(`x=${Buffer.from(Buffer.from(TEXT).toString('base64')).toString('base64')}`),
      'base64>base64>utf-8 30+35 1:31',
      'base64>base64>utf-8 88+20 1:89',
    ],
  ])('%s', (_, bytes, mail, secret) => {
    expect(places(bytes, 'mail')).toEqual([mail]);
    expect(places(bytes, 'secret')).toContain(secret);
  });

  test('gzip in base64 is the whole run', () => {
    const run = gzipSync(TEXT).toString('base64');
    expect(places(Buffer.from(`x=${run};`), 'mail')).toEqual([
      `base64>gzip>utf-8 2+${run.replace(/=+$/, '').length} 1:3`,
    ]);
  });

  test('zlib in base64 and in digits, and bare deflate in a long run, are the whole run', () => {
    const run = deflateSync(TEXT).toString('base64');
    const length = run.replace(/=+$/, '').length;
    expect(places(Buffer.from(`x=${run};`), 'mail')).toEqual([`base64>zlib>utf-8 2+${length} 1:3`]);
    const digits = deflateSync(TEXT).toString('hex');
    expect(places(Buffer.from(`x=${digits};`), 'mail')).toEqual([`hex>zlib>utf-8 2+${digits.length} 1:3`]);
    const filler = Array.from({ length: 90 }, (_, at) => `<entry n="${at * 7919}"/>`).join('');
    const bare = deflateRawSync(`${filler}\n${TEXT}`).toString('base64url');
    expect(places(Buffer.from(`SAMLRequest=${bare}&x`), 'mail')).toEqual([
      `base64>deflate>utf-8 12+${bare.length} 1:13`,
    ]);
  });

  test('percent, quoted-printable, entities, backslashes', () => {
    expect(places(Buffer.from(`GET /?q=${percent('joe@example.org')} HTTP/1.1`), 'mail')).toEqual([
      'percent>utf-8 8+19 1:9',
    ]);
    expect(places(Buffer.from('Content\r\njoe@exam=\r\nple.org and =3D\r\n'), 'mail')).toEqual([
      'quoted-printable>utf-8 9+18 2:1',
    ]);
    expect(places(Buffer.from('<a>joe&#64;example.org</a>'), 'mail')).toEqual(['entity>utf-8 3+19 1:4']);
    expect(places(Buffer.from('{"a":"joe\\u0040example.org"}'), 'mail')).toEqual(['backslash>utf-8 6+20 1:7']);
  });

  test.each(['IBM037', 'IBM1047'])('EBCDIC %s, whole and in a binary', (page) => {
    const text = TEXT.replace('hunter2000', '[hunter]^20').replaceAll('\n', '\u0085');
    const bytes = iconv(text, page);
    expect(bytes.length).toBe(text.length);
    expect(places(bytes, 'mail')).toEqual(['ebcdic-037 16+19 2:6']);
    expect(places(bytes, 'secret')).toEqual(['ebcdic-037 49+11 2:39']);
    const inside = Buffer.concat([Buffer.from([0, 1, 2, 0xff]), bytes, Buffer.alloc(30)]);
    expect(places(inside, 'mail')).toEqual(['ebcdic-037 20+19 2:6']);
  });

  test('what stands plainly is not reported again from another view', () => {
    expect(places(Buffer.from('see a%20b joe@example.org%20x'), 'mail')).toEqual(['utf-8 10+15 1:11']);
  });

  test('random bytes hold nothing', () => {
    expect(scanText(random, { where: 'content' }, rules)).toEqual({ findings: [], gaps: [] });
  });
});

test('views are the same however the bytes arrive', async () => {
  const parts = [
    random,
    Buffer.from(TEXT, 'utf16le'),
    random,
    Buffer.from(`\n${Buffer.from(TEXT.repeat(40)).toString('base64').replace(/.{76}/g, '$&\n')}\n`),
    iconv(TEXT, 'IBM037'),
    Buffer.from(` q=${percent(TEXT)} `),
    Buffer.from(`x=${gzipSync(TEXT).toString('base64')};`),
    Buffer.alloc(50),
  ];
  const bytes = Buffer.concat(parts);
  const entry = {
    ordinal: 0,
    parent: undefined,
    path: ['x'] as [string],
    name: Buffer.from('x'),
    kind: 'file',
    where: 'content',
  } as const;
  const tail = { size: 0, sha256: null, media: '', coverage: 'raw', highEntropy: false, gaps: [] } as const;
  let first: string | undefined;
  for (const size of [1, 2, 3, 5, 64, 257, 100_000]) {
    async function* events(): AsyncGenerator<UnpackEvent> {
      for (let at = 0; at < bytes.length; at += size)
        yield { type: 'bytes', entry, bytes: bytes.subarray(at, at + size) };
      yield { type: 'end', entry, tail };
    }
    for await (const { findings } of scan(events(), rules)) {
      const seen = JSON.stringify(findings.map(({ valueId: _, ...finding }: RawFinding) => finding));
      expect(findings.length).toBeGreaterThan(80);
      first ??= seen;
      expect(seen === first, `pieces of ${size}`).toBe(true);
    }
  }
});

test('a bomb in base64 is a gap, not a crash', () => {
  const run = gzipSync(Buffer.alloc(80 * 1024 * 1024)).toString('base64');
  const { gaps } = scanText(Buffer.from(`x=${run};`), { where: 'content' }, rules);
  expect(gaps.map(({ code, offset }) => `${code} ${offset}`)).toEqual(['over-budget 2']);
});

test('a fingerprint that begins like gzip by chance is no gap, what is gzip and does not unpack is one', () => {
  const line = 'Accepted publickey for hscroot: RSA SHA256:H4sIlAoerPdMkSyf/Fz5hfFCPMUDUXqM2MQnaS0gOdo\n';
  expect(scanText(Buffer.from(line), { where: 'content' }, rules).gaps).toEqual([]);
  const broken = Buffer.concat([gzipSync(TEXT).subarray(0, 20), random.subarray(0, 500)]).toString('base64');
  const { gaps } = scanText(Buffer.from(`x=${broken};`), { where: 'content' }, rules);
  expect(gaps.map(({ code }) => code)).toEqual(['undecodable-view']);
});
