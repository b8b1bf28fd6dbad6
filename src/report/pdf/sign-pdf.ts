import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { type Signer, signatureSpace, signDetached } from './cms.ts';
import { readOwnFile } from './own-file.ts';

/**
 * Signs a report by appending to it (ISO 32000-1, 12.8; PAdES B-B): the unsigned file stays the first bytes of the signed
 * one, so that it can be compared with a report made again. The field is invisible and outside the page.
 * @throws RangeError if `bytes` are not an unsigned report of ours
 */
export function signPdf(bytes: Uint8Array, signer: Signer, reason: string): Uint8Array {
  const file = readOwnFile(bytes);
  const catalog = file.object(file.root);
  const pages = file.object(reference(catalog, '/Pages'));
  const pageId = Number(/\/Kids \[(\d+) 0 R/.exec(pages)?.[1]);
  const page = file.object(pageId);
  const [signature, field, form, table] = [file.size, file.size + 1, file.size + 2, file.size + 3];
  const space = signatureSpace(signer);
  const objects: readonly (readonly [number, string])[] = [
    [file.root, withEntry(catalog, `/AcroForm ${form} 0 R`)],
    [pageId, withAnnotation(page, `${field} 0 R`)],
    [
      // Print and Locked; no area and off the page, where no appearance is asked for (ISO 19005-3, 6.3.3; ISO 14289-1, 7.18.1).
      field,
      `<< /Type /Annot /Subtype /Widget /FT /Sig /T (clearance) /TU (Signature of this report) /F 132 /Rect [-1 -1 -1 -1] /P ${pageId} 0 R /V ${signature} 0 R >>`,
    ],
    [form, `<< /Fields [${field} 0 R] /SigFlags 3 >>`],
    [
      signature,
      `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Reason (${literal(reason)}) /ByteRange ${RANGE} /Contents <${'0'.repeat(space * 2)}> >>`,
    ],
  ];
  let update = '';
  const places = new Map<number, number>();
  for (const [id, text] of objects) {
    places.set(id, bytes.length + update.length);
    update += `${id} 0 obj\n${text}\nendobj\n`;
  }
  const start = bytes.length + update.length;
  places.set(table, start);
  const ids = [...places.keys()].sort((a, b) => a - b);
  const rows = Buffer.alloc(ids.length * 9);
  for (const [at, id] of ids.entries()) {
    rows.writeUInt8(1, at * 9);
    rows.writeUIntBE(places.get(id) as number, at * 9 + 1, 6);
  }
  const body = deflateSync(rows);
  const changed = createHash('sha256').update(file.id).update(update).digest('hex').slice(0, 32);
  const head =
    `${table} 0 obj\n<< /Type /XRef /Size ${table + 1} /W [1 6 2] /Index [${ids.map((id) => `${id} 1`).join(' ')}] ` +
    `/Root ${file.root} 0 R /Info ${file.info} 0 R /ID [<${file.id}> <${changed}>] /Prev ${file.startXref} ` +
    `/Filter /FlateDecode /Length ${body.length} >>\nstream\n`;
  const out = Buffer.concat([
    bytes,
    Buffer.from(update + head, 'latin1'),
    body,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`, 'latin1'),
  ]);
  const open = out.indexOf('/Contents <', bytes.length, 'latin1') + '/Contents '.length;
  const close = open + space * 2 + 2;
  const range = `[0 ${open} ${close} ${out.length - close}]`.padEnd(RANGE.length);
  out.write(range, out.indexOf(RANGE, bytes.length, 'latin1'), 'latin1');
  const cms = signDetached(signer, [out.subarray(0, open), out.subarray(close)]);
  if (cms.length > space) throw new RangeError('the signature is larger than the space kept for it');
  out.write(Buffer.from(cms).toString('hex'), open + 1, 'latin1');
  return out;
}

/** Wide enough for any byte range of a file below 10 GB. */
const RANGE = '[0 0000000000 0000000000 0000000000]';

function reference(dictionary: string, key: string): number {
  return Number(new RegExp(`${key} (\\d+) 0 R`).exec(dictionary)?.[1]);
}

function withEntry(dictionary: string, entry: string): string {
  return `${dictionary.slice(0, dictionary.lastIndexOf('>>'))}${entry}\n>>`;
}

function withAnnotation(page: string, annotation: string): string {
  return page.includes('/Annots [')
    ? page.replace('/Annots [', `/Annots [${annotation} `)
    : withEntry(page, `/Annots [${annotation}]`);
}

/** A literal string (ISO 32000-1, 7.3.4.2) of printable ASCII. */
function literal(text: string): string {
  return text.replace(/[^\x20-\x7E]/g, '?').replace(/[\\()]/g, (char) => `\\${char}`);
}
