import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/unpack/index.ts';
import { tarOf, zipOf } from './archive-builder.ts';
import { type Collected, collect, gapsOf, payloadOf, sha256 } from './collect.ts';
import { missing, noise } from './tree.ts';

async function read(bytes: Uint8Array, chunk = 65536, seekable = true): Promise<Collected[]> {
  return (await collect(payloadOf(bytes, 'text', chunk, seekable))).entries;
}

const names = (entries: readonly Collected[]) => entries.map(({ entry }) => entry.path.slice(1).join(' / '));

const lines64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n');

function part(header: string, body: string): string {
  return `--b1\r\n${header}\r\n\r\n${body}\r\n`;
}

function mail(...parts: string[]): Buffer {
  const head = 'From: a@example.org\r\nDate: Mon, 1 Jan 2024 00:00:00 +0000\r\nMIME-Version: 1.0\r\n';
  const type = 'Content-Type: multipart/mixed;\r\n boundary="b1"\r\n';
  return Buffer.from(`${head}${type}\r\npreamble\r\n${parts.join('')}--b1--\r\n`, 'latin1');
}

const file = (name: string) => `Content-Type: application/octet-stream\r\nContent-Disposition: attachment; ${name}`;
const base64 = 'Content-Transfer-Encoding: base64';

test('attachments are members of the mail, which stays a text', async () => {
  const tgz = gzipSync(tarOf({ name: 'log', data: 'a line\n' }));
  const bytes = mail(
    part('Content-Type: text/plain', 'hello'),
    part(`${file('filename="x.tgz"')}\r\n${base64}`, lines64(tgz)),
    part(`${file('filename=raw.txt')}\r\nContent-Transfer-Encoding: 8bit`, 'raw\r\ntext'),
    part('Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable', 'caf=C3=A9 =\r\nau lait=20  \r\nx'),
  );
  for (const seekable of [true, false]) {
    const entries = await read(bytes, 65536, seekable);
    expect(names(entries)).toEqual(['', 'x.tgz', 'x.tgz / log', 'raw.txt', 'part-4']);
    expect(gapsOf(entries)).toEqual([]);
    expect(entries[0]!.tail).toMatchObject({ coverage: 'decoded', size: bytes.length, sha256: sha256(bytes) });
    expect(entries[0]!.content.equals(bytes)).toBe(true);
    expect(entries[1]!.tail).toMatchObject({ coverage: 'opened', sha256: sha256(tgz) });
    expect(entries[3]!.content.toString()).toBe('raw\r\ntext');
    expect(entries[4]!.content.toString()).toBe('café au lait \r\nx');
  }
});

test.each([
  ["filename*=UTF-8''K%C3%B6ln.txt", 'Köln.txt'],
  ["filename*0*=iso-8859-1'de'K%F6; filename*1=ln; filename*2*=%2Etxt", 'Köln.txt'],
  ['filename="=?utf-8?B?S8O2bG4=?= =?utf-8?Q?=2Et_xt?="', 'Köln.t xt'],
  ['filename="a \\"b\\".txt"', 'a "b".txt'],
  ['filename=""', 'part-1'],
  ["filename*=no-such-charset''a%20b", 'a b'],
])('%s is the name %s', async (parameter, name) => {
  const entries = await read(mail(part(`${file(parameter)}\r\n${base64}`, 'YWJj')));
  expect(names(entries)).toEqual(['', name]);
});

test('a name that leaves its folder is told', async () => {
  expect(gapsOf(await read(mail(part(`${file('filename="../x"')}\r\n${base64}`, 'YWJj'))))).toEqual([
    '../x: unsafe-path',
  ]);
});

test.each([
  ['corrupt', `${file('filename=x')}\r\n${base64}`, 'YWJj\r\nYW*j'],
  ['corrupt', `${file('filename=x')}\r\n${base64}`, 'YWI=\r\nYWJj'],
  ['truncated', `${file('filename=x')}\r\n${base64}`, 'YWJjY'],
  ['unsupported', `${file('filename=x')}\r\nContent-Transfer-Encoding: x-own`, 'YWJj'],
  ['unsupported', 'Content-Type: message/external-body; access-type=URL', ''],
  ['encrypted', `Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n${base64}`, 'YWJj'],
  ['truncated', 'Content-Type: multipart/mixed; boundary=b2', '--b2\r\n\r\ntext'],
])('%s: a part that is not read makes the mail unread', async (code, header, body) => {
  const entries = await read(mail(part(header, body)));
  expect(gapsOf(entries).filter((gap) => gap.startsWith('text: '))).toEqual([`text: ${code}`]);
  expect(entries[0]!.tail.coverage).toBe('unread');
});

test('a mail that is cut off is truncated', async () => {
  const bytes = mail(part(`${file('filename=x')}\r\n${base64}`, lines64(noise(600))));
  expect(gapsOf(await read(bytes.subarray(0, 600)))).toContain('text: truncated');
});

test('mails in a mailbox, a mail in a mail, and a mail in an archive', async () => {
  const one = mail(part(`${file('filename=x')}\r\n${base64}`, 'YWJj'));
  const box = Buffer.concat([
    ...[1, 2].flatMap(() => [Buffer.from('From a@example.org Mon Jan 1\r\n'), one, Buffer.from('\r\n')]),
  ]);
  expect(names(await read(box))).toEqual(['', 'x', 'x']);
  const outer = Buffer.from(mail(part('Content-Type: message/rfc822', one.toString().replaceAll('b1', 'b9'))));
  expect(names(await read(outer))).toEqual(['', 'x']);
  const packed = mail(part(`${file('filename=y.zip')}\r\n${base64}`, lines64(zipOf([{ name: 'm.eml', data: one }]))));
  expect(names(await read(packed))).toEqual(['', 'y.zip', 'y.zip / m.eml', 'y.zip / m.eml / x']);
});

test('mails inside one another end at the limit of depth', async () => {
  let bytes: Buffer = Buffer.from('innermost');
  for (let level = 0; level < 20; level += 1) {
    bytes = mail(part(`Content-Type: message/rfc822\r\n${base64}`, lines64(bytes)));
  }
  const entries = await read(bytes);
  expect(gapsOf(entries).filter((gap) => gap.includes('over-depth')).length).toBe(1);
  expect(entries.length).toBe(DEFAULT_LIMITS.depth + 1);
});

test('what is decoded is charged', async () => {
  const bytes = mail(part(`${file('filename=x')}\r\n${base64}`, lines64(noise(5000))));
  const { entries } = await collect(payloadOf(bytes), { ...DEFAULT_LIMITS, bytes: 1000 });
  expect(gapsOf(entries)).toEqual(['payload: over-bytes']);
});

test.skipIf(missing('python3'))('a mail made by Python reads as it was made', async () => {
  const script = `
import sys, email.message, email.policy
m = email.message.EmailMessage()
m['From'] = 'a@example.org'; m['To'] = 'b@example.org'; m['Subject'] = 'x'; m['Date'] = 'Mon, 1 Jan 2024 00:00:00 +0000'
m.set_content('plain text\\n')
m.add_alternative('<p>h\\u00e9</p>', subtype='html')
m.add_attachment(bytes(range(256)) * 50, maintype='application', subtype='octet-stream', filename='K\\u00f6ln und ein sehr langer Name, der umgebrochen werden muss, weil er zu lang ist.bin')
m.add_attachment('a text with \\u00fc\\n' * 3, filename='t.txt')
sys.stdout.buffer.write(m.as_bytes())`;
  const made = spawnSync('python3', ['-c', script]);
  expect(made.status).toBe(0);
  const entries = await read(made.stdout);
  expect(gapsOf(entries)).toEqual([]);
  const long = 'Köln und ein sehr langer Name, der umgebrochen werden muss, weil er zu lang ist.bin';
  const found = entries.find(({ entry }) => entry.path.at(-1) === long);
  expect(found?.tail.sha256).toBe(
    sha256(Buffer.concat(Array.from({ length: 50 }, () => Buffer.from(Array.from({ length: 256 }, (_, i) => i))))),
  );
  expect(entries.some(({ content }) => content.toString().includes('<p>hé</p>'))).toBe(true);
});

test.skipIf(missing('uuencode')).each([[], ['-m']])(
  'a block of uuencode %s in the middle of a text is a member',
  async (...flags) => {
    const data = gzipSync(tarOf({ name: 'log', data: noise(3000) }));
    const { stdout } = spawnSync('uuencode', [...flags, 'dir/b.tgz'], { input: data });
    const text = Buffer.concat([
      Buffer.from('a line\nbegin 100 times\n'),
      stdout,
      Buffer.from('another line\n'),
      stdout,
    ]);
    for (const chunk of [65536, 1500]) {
      const entries = await read(text, chunk);
      expect(names(entries)).toEqual(['', 'b.tgz', 'b.tgz / log', 'b.tgz', 'b.tgz / log']);
      expect(gapsOf(entries)).toEqual([]);
      expect(entries[1]!.tail.sha256).toBe(sha256(data));
      expect(entries[0]!.tail.sha256).toBe(sha256(text));
    }
    const cut = text.subarray(0, text.lastIndexOf('\n', 500) + 1);
    expect((await read(cut))[0]!.tail).toMatchObject({ coverage: 'unread', gaps: [{ code: 'truncated' }] });
  },
);

test('a block behind megabytes of text in a stream is found', async () => {
  const filler = 'a line that begins nothing\n'.repeat(100_000);
  const text = Buffer.from(`${filler}begin 644 x\n#86)C\n\`\nend\n${filler}`);
  const entries = await read(text, 10_007, false);
  expect([names(entries), entries[1]!.content.toString(), gapsOf(entries)]).toEqual([['', 'x'], 'abc', []]);
});

test('a broken line in a block is corrupt, what came before it is kept', async () => {
  const entries = await read(Buffer.from('text\nbegin 644 x\n#86)C\nM86\nend\n'));
  expect(gapsOf(entries)).toEqual(['text: corrupt']);
  expect(entries[1]!.content.toString()).toBe('abc');
});

test('any attachments come out as they went in, however the mail is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
      fc.boolean(),
      async (contents, seekable) => {
        const bytes = mail(
          ...contents.map((content, at) => part(`${file(`filename=f${at}`)}\r\n${base64}`, lines64(content))),
        );
        const entries = await read(bytes, 997, seekable);
        expect(entries.filter(({ entry }) => entry.path.length === 2).map(({ tail }) => tail.sha256)).toEqual(
          contents.map(sha256),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('no change of a byte is an error', async () => {
  const bytes = mail(
    part(`${file("filename*0*=utf-8''a; filename*1=b")}\r\n${base64}`, lines64(noise(200))),
    part('Content-Type: text/plain', 'begin 644 x\n#86)C\n`\nend'),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, value) => {
      const mutant = Buffer.from(bytes);
      mutant[at] = value;
      const entries = await read(mutant);
      expect(
        entries[0]!.content.equals(mutant) ||
          entries[0]!.tail.gaps.length > 0 ||
          entries[0]!.tail.coverage === 'opened',
      ).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('encoded words in the header of a mail are read', async () => {
  const word = `=?utf-8?B?${Buffer.from('password=Xk7vQ9zLm2Rt').toString('base64')}?=`;
  const bytes = Buffer.from(
    `From: a@example.org\r\nSubject: key\r\n ${word}\r\n =?iso-8859-1?Q?_K=F6ln?=\r\nDate: x\r\n\r\nbody\r\n`,
  );
  const entries = await read(bytes);
  expect(gapsOf(entries)).toEqual([]);
  expect(names(entries)).toEqual(['', '#header@0']);
  expect(entries[1]!.entry).toMatchObject({ kind: 'pseudo', where: 'header-field' });
  expect(entries[1]!.content.toString()).toBe('Subject: key password=Xk7vQ9zLm2Rt Köln\n');
});
