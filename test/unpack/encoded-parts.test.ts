import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/unpack/index.ts';
import { tarOf, zipOf } from './archive-builder.ts';
import { collect, gapsOf, payloadOf, shows } from './collect.ts';
import { base32, base85, ebcdic, gitPatch } from './encodings.ts';
import { CANARY } from './hostile.ts';
import { missing, noise } from './tree.ts';

const secret = { name: 'secret', data: `a log line\nwith ${CANARY} in it\n` };
const other = { name: 'other', data: noise(900).toString('hex') };
const ARCHIVES: Readonly<Record<string, Buffer>> = {
  'tar.gz': gzipSync(tarOf(secret, other)),
  gzip: gzipSync(secret.data),
  zip: zipOf([secret, other]),
  tar: tarOf({ name: 'x.gz', data: gzipSync(secret.data) }),
};
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const wrapped = (text: string, width: number, between: string) =>
  text.match(new RegExp(`.{1,${width}}`, 'g'))!.join(between);
const swapped = (bytes: Buffer) =>
  Buffer.from(bytes.length % 2 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes).swap16();

/** Lines of sixteen bytes: with offsets of `hexdump -C` and its text, or in groups of `xxd`. */
function dumped(bytes: Buffer, group: number, offset: (at: number) => string, text: string): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const digits = bytes.subarray(at, at + 16).toString('hex');
    const groups = digits.match(new RegExp(`.{1,${group}}`, 'g'))!.join(' ');
    const shown = bytes
      .subarray(at, at + 16)
      .toString('latin1')
      .replace(/[^ -~]/g, '.');
    lines.push(`${offset(at)}${groups}${text.replace('TEXT', () => shown)}`);
  }
  return lines.join('\n');
}

const WAYS: Readonly<Record<string, (bytes: Buffer) => string | Buffer>> = {
  'one line': (bytes) => `before\n${base64(bytes)}\nafter\n`,
  'one line without an end': (bytes) => base64(bytes),
  'a here-document': (bytes) =>
    `#!/bin/sh\nbase64 -d <<EOF | tar xz\n${wrapped(base64(bytes), 76, '\n')}\nEOF\nexit 0\n`,
  'lines with CRLF': (bytes) => `x\r\n${wrapped(base64(bytes), 64, '\r\n')}\r\ny\r\n`,
  'indented lines': (bytes) => `data: |\n    ${wrapped(base64(bytes), 60, '\n    ')}\nnext: 1\n`,
  'a JSON value': (bytes) => JSON.stringify({ a: 1, data: base64(bytes), b: [2] }),
  'a JSON value with escaped line ends': (bytes) => JSON.stringify({ data: wrapped(base64(bytes), 76, '\n') }),
  'a JSON value with escaped slashes': (bytes) => JSON.stringify({ data: base64(bytes) }).replaceAll('/', '\\/'),
  'a JSON value with escaped pluses': (bytes) =>
    JSON.stringify({ data: base64(bytes) })
      .replaceAll('+', '\\u002B')
      .replaceAll('=', '\\u003D'),
  'an XML element': (bytes) => `<a>\n<b>${wrapped(base64(bytes), 76, '\n')}</b>\n</a>\n`,
  'an XML attribute': (bytes) => `<a b="${wrapped(base64(bytes), 76, '&#10;')}"/>\n`,
  'a log line': (bytes) => `2026-11-23T00:00:00Z host app[1]: state=${base64(bytes)} done\n`,
  base64url: (bytes) => `token ${bytes.toString('base64url')}\n`,
  'a data URI': (bytes) => `<a href="data:application/octet-stream;base64,${base64(bytes)}">x</a>`,
  'a form field': (bytes) => `a=1&b=${encodeURIComponent(base64(bytes))}&c=2\n`,
  'strings that are joined': (bytes) => `const a = "${wrapped(base64(bytes), 70, '" +\n  "')}";\n`,
  'strings side by side': (bytes) => `a = ('${wrapped(base64(bytes), 70, "'\n     '")}')\n`,
  comments: (bytes) => `# ${wrapped(base64(bytes), 70, '\n# ')}\n\nx\n`,
  'quoted-printable lines': (bytes) => `${wrapped(base64(bytes).replaceAll('=', '=3D'), 72, '=\n')}\n`,
  'behind a line of dashes': (bytes) => `${'-'.repeat(64)}\n${wrapped(base64(bytes), 64, '\n')}\n${'-'.repeat(64)}\n`,
  'behind a long word': (bytes) => `${'directory/'.repeat(5)}\n${wrapped(base64(bytes), 76, '\n')}\n`,
  'base64 in base64': (bytes) => `x: ${base64(Buffer.from(`y: ${base64(bytes)}\n`))}\n`,
  'base64 in hexadecimal digits': (bytes) => `x: ${Buffer.from(base64(bytes)).toString('hex')}\n`,
  'UTF-16LE': (bytes) => Buffer.from(`before\r\n${wrapped(base64(bytes), 76, '\r\n')}\r\n`, 'utf16le'),
  'UTF-16BE': (bytes) => Buffer.from(`before\r\n${base64(bytes)}\r\n`, 'utf16le').swap16(),
  'UTF-16 in base64': (bytes) => `powershell -e ${base64(Buffer.from(`$a = "${base64(bytes)}"`, 'utf16le'))}\n`,
  'hexadecimal digits': (bytes) => `INSERT INTO t VALUES (X'${bytes.toString('hex')}');\n`,
  'upper-case digits': (bytes) => `0x${bytes.toString('hex').toUpperCase()}\n`,
  'digits on lines': (bytes) => `${wrapped(bytes.toString('hex'), 60, '\n')}\n`,
  bytea: (bytes) => `1\t\\\\x${bytes.toString('hex')}\n`,
  'hexdump -C': (bytes) =>
    `$ hexdump -C x\n${dumped(bytes, 2, (at) => `${at.toString(16).padStart(8, '0')}  `, '  |TEXT|')}\n`,
  xxd: (bytes) => `${dumped(bytes, 4, (at) => `${at.toString(16).padStart(8, '0')}: `, '  TEXT')}\n`,
  'od -tx1': (bytes) => `${dumped(bytes, 2, (at) => `${at.toString(8).padStart(7, '0')} `, '')}\n`,
  'od -x': (bytes) => `${dumped(swapped(bytes), 4, (at) => `${at.toString(8).padStart(7, '0')} `, '')}\n`,
  'words of 32 bits': (bytes) =>
    `${dumped(bytes, 8, (at) => `${at.toString(16).toUpperCase().padStart(8, '0')}  `, '')}\n`,
  'tcpdump -X': (bytes) => `${dumped(bytes, 4, (at) => `\t0x${at.toString(16).padStart(4, '0')}:  `, '  TEXT')}\n`,
  'the kernel': (bytes) =>
    `${dumped(bytes, 2, (at) => `Nov 23 12:00:00 host kernel: [   12.345678] ${at.toString(16).padStart(8, '0')}: `, '  TEXT')}\n`,
  'a C array': (bytes) =>
    `static const char a[] = {\n  ${wrapped(bytes.toString('hex').replace(/../g, '0x$&, '), 72, '\n  ')}\n};\n`,
  'a C string': (bytes) => `"${wrapped(bytes.toString('hex').replace(/../g, '\\x$&'), 64, '"\n"')}"\n`,
  'colons between bytes': (bytes) => `    ${wrapped(bytes.toString('hex').replace(/../g, '$&:'), 48, '\n    ')}\n`,
};

for (const [what, bytes] of Object.entries(ARCHIVES)) {
  test.each(Object.keys(WAYS))(`${what} in %s is opened`, async (way) => {
    const text = Buffer.from(WAYS[way]!(bytes) as string);
    for (const [chunk, seekable] of [
      [65536, true],
      [97, false],
    ] as const) {
      const { entries } = await collect(payloadOf(text, 'text', chunk, seekable));
      expect(gapsOf(entries)).toEqual([]);
      expect(shows(entries, CANARY)).toBe(true);
      expect(entries[0]!.content.equals(text)).toBe(true);
      expect(entries[1]!.entry).toMatchObject({ kind: 'pseudo', parent: 0 });
      expect(entries[1]!.entry.path[1]).toMatch(/^\d+\.(base64|hex|hexdump)$/);
    }
  });
}

test.each([
  ['xz', 'xz -c'],
  ['zstd', 'zstd -q -c'],
  ['bzip2', 'bzip2 -c'],
  ['lz4', 'lz4 -q -c'],
  ['lzma', 'lzma -c'],
  ['compress', 'compress -c'],
  ['lzip', 'lzip -c'],
])('%s in base64 and in a dump is opened', async (tool, command) => {
  const without = missing(tool);
  expect(without).toBeFalsy();
  const bytes = execFileSync('sh', ['-c', command], { input: tarOf(secret, other) });
  for (const way of ['a here-document', 'xxd', 'hexadecimal digits']) {
    const { entries } = await collect(payloadOf(Buffer.from(WAYS[way]!(bytes) as string)));
    expect(gapsOf(entries)).toEqual([]);
    expect(shows(entries, CANARY)).toBe(true);
  }
});

test('an archive that cannot be opened is a gap', async () => {
  const bytes = ARCHIVES['tar.gz']!;
  for (const text of [
    base64(bytes.subarray(0, 300)),
    `${base64(bytes).slice(0, 200)} [...]`,
    base64(Buffer.concat([bytes.subarray(0, 200), noise(300)])),
    bytes.subarray(0, 300).toString('hex'),
    base64(Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), noise(60)])),
    base64(Buffer.concat([Buffer.from('Salted__'), noise(40)])),
  ]) {
    const { entries } = await collect(payloadOf(Buffer.from(`x ${text}\n`)));
    expect(gapsOf(entries).length).toBeGreaterThan(0);
    expect(entries[1]!.tail.coverage).toBe('unread');
  }
});

test('what looks random for more than 16 KiB is kept, keys and digests are not', async () => {
  const long = await collect(payloadOf(Buffer.from(`blob: ${base64(noise(20_000))}\n`)));
  expect(long.entries[1]!.tail).toMatchObject({ coverage: 'raw', highEntropy: true });
  const pem = wrapped(base64(randomBytes(1700)), 64, '\n');
  const harmless = [
    `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
    `ssh-rsa ${base64(randomBytes(535))} user@host\n`,
    Array.from(
      { length: 300 },
      (_, n) => `${createHash('sha256').update(`${n}`).digest('hex')}  /usr/lib/x86_64-linux-gnu/file${n}`,
    ).join('\n'),
    Array.from({ length: 300 }, (_, n) => `token ${createHash('sha512').update(`${n}`).digest('base64')}`).join('\n'),
    Array.from({ length: 50 }, (_, n) => `${n}`.padStart(8, '0').repeat(12)).join('\n'),
    `${'/a/very/long/path/without/any/dot/in/it'.repeat(40)}\n`,
    dumped(randomBytes(4000), 4, (at) => `${at.toString(16).padStart(8, '0')}: `, '  TEXT'),
    base64(Buffer.from('a text that is longer than the shortest run and says nothing\n'.repeat(30))),
  ];
  for (const text of harmless) {
    const { entries } = await collect(payloadOf(Buffer.from(text)));
    expect(entries.map(({ entry }) => entry.path.join('/'))).toEqual(['payload']);
    expect(gapsOf(entries)).toEqual([]);
  }
});

test('a digest that begins or goes on like an archive is none', async () => {
  const lines = [
    'session=ffd8ffb330adfb23dabc9e4287842fc2f5a7bf1dac2812018f7729066609eadb',
    'rsp 0x0000 81b8f97c398b3093a4db2f1f9d89a246',
    'session 1f9d0c36-501f-47be-a7f2-ec6929885d6c closed, reason idle timeout',
  ];
  const { entries } = await collect(payloadOf(Buffer.from(lines.join('\n'))));
  expect(gapsOf(entries)).toEqual([]);
});

test('random runs of any length are no archive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 24, maxLength: 3000 }), fc.nat(2), async (bytes, how) => {
      const buffer = Buffer.from(createHash('sha512').update(bytes).digest());
      const text = [base64, (b: Buffer) => b.toString('base64url'), (b: Buffer) => b.toString('hex')][how]!(
        Buffer.concat([buffer, Buffer.from(bytes)]),
      );
      const { entries } = await collect(payloadOf(Buffer.from(`${text}\n`)));
      expect(entries.length).toBe(1);
    }),
    { numRuns: 300 },
  );
});

test('the same archives come up however the text is cut', async () => {
  const { xxd, 'a here-document': here, 'a JSON value': json } = WAYS;
  const zip = ARCHIVES['zip']!;
  const text = Buffer.from(`${here!(ARCHIVES['tar.gz']!)}${xxd!(zip)}${json!(ARCHIVES['gzip']!)}\n${base64(zip)}\n`);
  const names = async (chunk: number) =>
    (await collect(payloadOf(text, 'text', chunk, false))).entries.map(({ entry }) => entry.path.join('/'));
  const whole = await names(65536);
  expect(whole.filter((name) => /^text\/\d+\.\w+$/.test(name)).length).toBe(4);
  for (const chunk of [1, 31, 33, 255, 257, 4096]) expect(await names(chunk)).toEqual(whole);
});

test('limits hold: depth, bytes, entries', async () => {
  let nested: Buffer = ARCHIVES['gzip']!;
  for (let level = 0; level < 20; level += 1) nested = gzipSync(base64(nested));
  expect(gapsOf((await collect(payloadOf(nested))).entries).join()).toContain('over-depth');
  const bomb = gzipSync(base64(gzipSync(Buffer.alloc(90_000_000))));
  expect(gapsOf((await collect(payloadOf(bomb))).entries).join()).toContain('over-ratio');
  const many = Buffer.from(Array.from({ length: 30 }, () => base64(gzipSync('some text of a log line'))).join('\n\n'));
  const few = { ...DEFAULT_LIMITS, entries: 20 };
  expect(gapsOf((await collect(payloadOf(many), few)).entries).join()).toContain('over-entries');
});

test('an attachment in base64 is opened once', async () => {
  const body = wrapped(base64(ARCHIVES['tar.gz']!), 76, '\r\n');
  const head = 'From: a@example.org\r\nDate: x\r\nMIME-Version: 1.0\r\nContent-Type: application/gzip; name=a.tgz\r\n';
  const mail = Buffer.from(`${head}Content-Transfer-Encoding: base64\r\n\r\n${body}\r\n`);
  const { entries } = await collect(payloadOf(mail));
  expect(entries.map(({ entry }) => entry.path.slice(1).join('/'))).toEqual([
    '',
    'a.tgz',
    'a.tgz/secret',
    'a.tgz/other',
  ]);
});

test('more than a mebibyte is kept too', async () => {
  const bytes = zipOf([secret, { name: 'big', data: noise(3_000_000), method: 0 }]);
  const { entries } = await collect(
    payloadOf(Buffer.from(`x\n${wrapped(base64(bytes), 76, '\n')}\ny\n`), 'p', 65536, false),
  );
  expect(gapsOf(entries)).toEqual([]);
  expect(entries.map(({ entry }) => entry.path.slice(1).join('/')).slice(1)).toEqual([
    '2.base64',
    '2.base64/secret',
    '2.base64/big',
  ]);
});

test('an archive in lines with a prefix each is joined; digests that end lines are not', async () => {
  const date = (line: number) => `2026-11-23T10:${String(line).padStart(5, '0')}Z host app[${line * 7}]: `;
  const lines = (text: string, width: number) =>
    text
      .match(new RegExp(`.{1,${width}}`, 'g'))!
      .map((piece, line) => `${date(line)}${piece}\n`)
      .join('');
  const { tar } = ARCHIVES;
  const plain = tarOf(secret, other);
  for (const text of [lines(base64(plain), 76), lines(plain.toString('hex'), 64), lines(base64(tar!), 40)]) {
    const { entries } = await collect(payloadOf(Buffer.from(`a line\n${text}another\n`), 'app.log', 300, false));
    expect(gapsOf(entries)).toEqual([]);
    expect(entries.some(({ entry }) => entry.path.at(-1) === secret.name || entry.path.at(-1) === 'x.gz')).toBe(true);
  }
  const few = gzipSync(CANARY);
  for (const text of [lines(base64(few), 40), lines(few.toString('hex'), 50)]) {
    expect(shows((await collect(payloadOf(Buffer.from(`a line\n${text}`)))).entries, CANARY)).toBe(true);
  }
  const digests = Array.from({ length: 2000 }, (_, line) => `${date(line)}${base64(noise(48, line + 1))}\n`).join('');
  expect((await collect(payloadOf(Buffer.from(digests)))).entries).toHaveLength(1);
});

test.each(['ascii85', 'base85', 'z85', 'base32'] as const)('%s is opened', async (coding) => {
  const written = (bytes: Buffer) => (coding === 'base32' ? base32(bytes) : base85(bytes, coding));
  for (const bytes of [ARCHIVES['gzip']!, ARCHIVES['tar.gz']!]) {
    const text = written(bytes);
    for (const [around, name] of [
      [`value: ${text}\n`, `7.${coding}`],
      [`<data>${text}`, `6.${coding}`],
      [`a line\n${wrapped(text, 64, '\n')}\n`, `7.${coding}`],
      ...(coding === 'base32' ? [[`key=${text.toLowerCase()}\n`, `4.${coding}`] as const] : []),
    ] as const) {
      for (const [chunk, seekable] of [
        [65536, true],
        [97, false],
      ] as const) {
        const { entries } = await collect(payloadOf(Buffer.from(around), 'text', chunk, seekable));
        expect(gapsOf(entries)).toEqual([]);
        expect(entries[1]!.entry.path[1]).toBe(name);
        expect(shows(entries, CANARY)).toBe(true);
      }
    }
  }
});

test('an archive in base85 that breaks in the middle is a gap', async () => {
  for (const coding of ['ascii85', 'base85', 'z85'] as const) {
    const text = base85(ARCHIVES['tar.gz']!, coding);
    // 85 to the power of five is more than a group can hold; in Ascii85, z stands for a whole group.
    const highest = base85(Buffer.alloc(4, 0xff), coding)[0]!;
    for (const broken of [highest.repeat(5), ...(coding === 'ascii85' ? ['!!z!!'] : [])]) {
      const { entries } = await collect(
        payloadOf(Buffer.from(`x: ${text.slice(0, 100)}${broken}${text.slice(105)}\n`)),
      );
      expect(gapsOf(entries).length).toBeGreaterThan(0);
      expect(entries[1]!.tail.coverage).toBe('unread');
    }
  }
});

test('base64 in EBCDIC is opened, on lines and in records of 80 columns', async () => {
  const text = base64(ARCHIVES['tar.gz']!);
  const records = text.match(/.{1,72}/g)!.map((piece) => piece.padEnd(80));
  for (const characters of [`${wrapped(text, 76, '\n')}\n`, records.join(''), text]) {
    for (const [chunk, seekable] of [
      [65536, true],
      [1000, false],
    ] as const) {
      const { entries } = await collect(payloadOf(ebcdic(characters), 'text', chunk, seekable));
      expect(gapsOf(entries)).toEqual([]);
      expect(entries[1]!.entry.path[1]).toBe('0.base64');
      expect(shows(entries, CANARY)).toBe(true);
    }
  }
});

test.skipIf(missing('git'))('a binary patch of git is opened, old content and new', async () => {
  const old = gzipSync(tarOf({ name: 'old', data: `was ${CANARY}` }, other));
  const added = gitPatch(Buffer.from([0, 1, 2]), ARCHIVES['tar.gz']!);
  const removed = gitPatch(old, Buffer.from([0, 1, 2]));
  const changed = Buffer.concat([Buffer.from('Subject: a commit\n\n'), added, Buffer.from('-- \n2.39.0\n')]);
  for (const patch of [added, removed, changed, Buffer.concat([added, removed])]) {
    for (const [chunk, seekable] of [
      [65536, true],
      [97, false],
    ] as const) {
      const { entries } = await collect(payloadOf(patch, 'x.patch', chunk, seekable));
      expect(gapsOf(entries)).toEqual([]);
      expect(shows(entries, CANARY)).toBe(true);
    }
  }
  const tiny = gitPatch(Buffer.from([0]), Buffer.from(`\0${CANARY}`));
  expect(shows((await collect(payloadOf(tiny))).entries, CANARY)).toBe(true);
});

test.skipIf(missing('git'))('a binary patch that breaks off or is damaged is a gap', async () => {
  const patch = gitPatch(Buffer.from([0, 1, 2]), gzipSync(tarOf(secret, other)));
  const first = patch.indexOf('\n', patch.indexOf('literal')) + 1;
  for (const at of [first, first + 30, first + 53, first + 60]) {
    const damaged = Buffer.from(patch);
    damaged[at] = damaged[at] === 0x41 ? 0x42 : 0x41;
    for (const broken of [damaged, patch.subarray(0, at + 60)]) {
      expect(gapsOf((await collect(payloadOf(broken))).entries).length).toBeGreaterThan(0);
    }
  }
});

test('an archive that is cut off before its first byte of content is a gap', async () => {
  // The codes of the first block take a hundred bytes.
  const bytes = gzipSync(tarOf(secret, other)).subarray(0, 60);
  for (const text of [base85(bytes, 'base85'), base85(bytes, 'z85'), base32(bytes), `path/${base64(bytes)}`]) {
    expect(gapsOf((await collect(payloadOf(Buffer.from(`x: ${text}\n`)))).entries)).not.toEqual([]);
  }
});

test('an archive in escapes is told in a small file without a longer run too', async () => {
  const quoted = [...ARCHIVES['gzip']!].map((byte) =>
    byte > 0x23 && byte < 0x7f && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  const text = `b'${quoted.join('').replace(/.{28}/g, '$&(')}'`;
  expect(gapsOf((await collect(payloadOf(Buffer.from(text)))).entries)).toEqual(['payload: embedded-archive']);
});

test('compressed data in a name of a tar is opened', async () => {
  const name = Buffer.concat([ARCHIVES['gzip']!, Buffer.alloc(1)]);
  for (const bytes of [
    tarOf({ name: '././@LongLink', type: 'L', data: name }, { name: 'short', data: 'x' }),
    tarOf({ name: '././@LongLink', type: 'L', data: `${base64(name)}\0` }, { name: 'short', data: 'x' }),
    zipOf([{ name: ARCHIVES['gzip']!, data: 'x' }]),
  ]) {
    expect(shows((await collect(payloadOf(bytes))).entries, CANARY)).toBe(true);
  }
});

test.each(['xxd', 'hexdump -C', 'od -tx1', 'the kernel', 'tcpdump -X'])('text in a dump of %s is read', async (way) => {
  const said = Buffer.from('trace: session opened\nuser=hscroot\npassword of the store: a word nobody may read\n');
  const { entries } = await collect(payloadOf(Buffer.from(WAYS[way]!(said) as string)));
  expect(entries.map(({ content }) => content.includes('a word nobody may read'))).toContain(true);
  const few = Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 37) & 0xff));
  expect((await collect(payloadOf(Buffer.from(WAYS[way]!(few) as string)))).entries).toHaveLength(1);
});
