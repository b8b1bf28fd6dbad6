import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DataError } from '../../src/model/index.ts';
import { DEFAULT_OPTIONS, render } from '../../src/report/index.ts';
import { readSigner } from '../../src/report/pdf/cms.ts';
import { signPdf } from '../../src/report/pdf/sign-pdf.ts';
import { collect, held } from './samples.ts';
import { missing, run } from './tool.ts';

const lacking = missing('openssl', 'pdfsig', 'qpdf', 'pdfinfo');
const folder = mkdtempSync(join(tmpdir(), 'clearance-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function signer(name: string, ...kind: string[]) {
  const [key, certificate] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const made = run('openssl', [
    'req',
    '-x509',
    '-newkey',
    ...kind,
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    '-subj',
    '/CN=Clearance test',
    '-days',
    '30',
  ]);
  expect(made.status).toBe(0);
  return { key, certificate };
}

/** The DER value at the start of padded hexadecimal text: a SEQUENCE with a two-byte length. */
function der(hex: string): Buffer {
  const bytes = Buffer.from(hex, 'hex');
  expect(bytes.readUInt16BE(0)).toBe(0x3082);
  return bytes.subarray(0, 4 + bytes.readUInt16BE(2));
}

(lacking.length > 0 ? describe.skip : describe)(
  `signing${lacking.length > 0 ? ` (missing: ${lacking.join(', ')})` : ''}`,
  () => {
    const kinds = {
      'ECDSA P-256': ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      'ECDSA P-384': ['ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1'],
      'RSA 3072': ['rsa:3072'],
    };

    test.each(Object.entries(kinds))(
      '%s: valid, whole file signed, nothing to complain of, unsigned file is the prefix',
      async (name, kind) => {
        const { key, certificate } = signer(name.replaceAll(' ', '-'), ...kind);
        const unsigned = await collect(render('pdf', held(), DEFAULT_OPTIONS));
        const signed = signPdf(unsigned, readSigner(key, certificate), 'Examination (held) of a payload');
        expect(Buffer.compare(Buffer.from(signed).subarray(0, unsigned.length), unsigned)).toBe(0);
        const path = join(folder, 'signed.pdf');
        writeFileSync(path, signed);
        const { out } = run('pdfsig', ['-nocert', path]);
        expect(out).toContain('Signature is Valid');
        expect(out).toContain('Total document signed');
        expect(out).toContain('ETSI.CAdES.detached');
        const qpdf = run('qpdf', ['--check', path]);
        expect([qpdf.status, qpdf.err]).toEqual([0, '']);
        expect(run('pdfinfo', [path]).out).toMatch(/Tagged: +yes/);
        // The CMS itself, by another implementation.
        const [, from = 0, to = 0] = (
          /\/ByteRange \[0 (\d+) (\d+) /.exec(Buffer.from(signed).toString('latin1')) ?? []
        ).map(Number);
        const hex = Buffer.from(signed)
          .subarray(from + 1, to - 1)
          .toString('latin1');
        writeFileSync(join(folder, 'cms.der'), der(hex));
        writeFileSync(join(folder, 'content'), Buffer.concat([signed.subarray(0, from), signed.subarray(to)]));
        const cms = run('openssl', [
          'cms',
          '-verify',
          '-binary',
          '-inform',
          'DER',
          '-in',
          join(folder, 'cms.der'),
          '-content',
          join(folder, 'content'),
          '-CAfile',
          certificate,
          '-purpose',
          'any',
          '-out',
          join(folder, 'out'),
        ]);
        expect(cms.err).toMatch(/success/i);

        for (const at of [500, unsigned.length - 10, unsigned.length + 40]) {
          const broken = Buffer.from(signed);
          broken[at] = (broken[at] as number) ^ 1;
          writeFileSync(path, broken);
          expect(run('pdfsig', ['-nocert', path]).out).not.toContain('Signature is Valid');
        }
      },
    );

    test('refuses keys and files it cannot sign with', async () => {
      const one = signer('one', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1');
      const other = signer('other', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1');
      expect(() => readSigner(one.key, other.certificate)).toThrow(DataError);
      expect(() => readSigner(one.certificate, one.certificate)).toThrow(DataError);
      expect(() => readSigner(one.key, one.key)).toThrow(DataError);
      const weak = signer('weak', 'rsa:1024');
      expect(() => readSigner(weak.key, weak.certificate)).toThrow(DataError);
      const ready = readSigner(one.key, one.certificate);
      expect(() => signPdf(Buffer.from('%PDF-1.7\n'), ready, '')).toThrow(RangeError);
      const signed = signPdf(await collect(render('pdf', held(), DEFAULT_OPTIONS)), ready, '');
      expect(() => signPdf(signed, ready, '')).toThrow(RangeError);
    });
  },
);
