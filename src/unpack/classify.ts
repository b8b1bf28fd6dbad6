import { isAscii } from 'node:buffer';
import type { Coverage, EntryTail, Gap } from '../model/index.ts';
import { EmbeddedWatch, isZlib } from './embedded-watch.ts';
import { EntropyMeter } from './entropy.ts';
import { isUnread } from './gap-codes.ts';
import { recognise } from './magic.ts';
import { CONTROLS, guessCharset, hasNul, TEXT_SAMPLE, Utf8Check } from './text.ts';
import { ZipEndWatch } from './zip-end.ts';

/** What a leaf turned out to be. */
export type Classified = Pick<EntryTail, 'media' | 'coverage' | 'highEntropy'>;

/**
 * Says what a leaf is while its bytes go by: text or not, random or not, of a format that should have been decoded. Sees
 * all bytes; the answer does not depend on how they were cut.
 */
export class Classifier {
  private readonly utf8 = new Utf8Check();
  private readonly entropy = new EntropyMeter();
  private readonly embedded = new EmbeddedWatch();
  private readonly doctype = new DoctypeWatch();
  private sample: Uint8Array | undefined;
  private sampled = 0;
  private size = 0;
  private ascii = true;
  private nul = false;
  private readonly compressed: boolean;
  private readonly zip: ZipEndWatch | undefined;

  /**
   * `endSeen`: the end of the content was looked at already, and no archive found there.
   * `compressed`: the content is handed on decoded as well, so that its format and its looks are no gap.
   */
  constructor(endSeen: boolean, compressed = false) {
    this.compressed = compressed;
    this.zip = endSeen ? undefined : new ZipEndWatch();
  }

  /** `whole` tells that these are all the bytes there are, so that none has to be kept. */
  update(bytes: Uint8Array, whole = false): void {
    if (this.ascii) this.ascii = isAscii(bytes);
    if (whole) {
      this.sample = bytes.subarray(0, TEXT_SAMPLE);
      this.sampled = this.sample.length;
    } else {
      this.keepSample(bytes);
    }
    const text = this.utf8.update(bytes);
    if (!whole || !text) this.entropy.update(bytes, text);
    this.embedded.update(bytes, text);
    this.doctype.update(bytes, this.sampleBytes());
    if (!this.nul) this.nul = hasNul(bytes);
    this.zip?.update(bytes);
    this.size += bytes.length;
  }

  /** Adds the gaps that only the whole content shows. */
  finish(gaps: Gap[]): Classified {
    const head = this.sampleBytes();
    const magic = recognise(head);
    if (magic?.gap && !this.compressed) gaps.push(magic.gap);
    const zipEnd = this.zip?.finish();
    if (zipEnd !== undefined) {
      gaps.push({ code: 'embedded-archive', detail: 'a zip archive lies at the end', offset: zipEnd });
    }
    if (this.embedded.stream !== undefined && !this.compressed) {
      const detail = 'compressed data lies inside of other content';
      gaps.push({ code: 'embedded-archive', detail, offset: this.embedded.stream });
    }
    if (this.doctype.found !== undefined) {
      gaps.push({ code: 'xml-doctype', detail: 'DOCTYPE in an XML document', offset: this.doctype.found });
    }
    const random = this.entropy.finish() || this.embedded.found || (!this.utf8.valid && isZlib(head));
    const highEntropy = random && !this.compressed;
    const charset = magic && !magic.media.startsWith('text/') ? undefined : this.charset(head, highEntropy);
    const coverage: Coverage = gaps.some(isUnread) ? 'unread' : charset ? 'decoded' : 'raw';
    const media = magic?.media ?? (charset ? textMedia(head, charset) : 'application/octet-stream');
    return { media: this.size === 0 ? 'application/x-empty' : media, coverage, highEntropy };
  }

  private charset(head: Uint8Array, highEntropy: boolean): string | undefined {
    if (this.size === 0) return 'us-ascii';
    if (this.utf8.finish()) {
      if (!this.nul && fewControls(head)) return this.ascii ? 'us-ascii' : 'utf-8';
    }
    if (highEntropy) return undefined;
    const guess = guessCharset(head);
    return guess === 'iso-8859-1' && this.nul ? undefined : guess;
  }

  private keepSample(bytes: Uint8Array): void {
    if (this.sampled >= TEXT_SAMPLE) return;
    const part = bytes.subarray(0, TEXT_SAMPLE - this.sampled);
    if (!this.sample) {
      this.sample = new Uint8Array(part);
    } else {
      if (this.sample.length < TEXT_SAMPLE) {
        const grown = new Uint8Array(TEXT_SAMPLE);
        grown.set(this.sample.subarray(0, this.sampled));
        this.sample = grown;
      }
      this.sample.set(part, this.sampled);
    }
    this.sampled += part.length;
  }

  private sampleBytes(): Uint8Array {
    return this.sample?.subarray(0, this.sampled) ?? new Uint8Array(0);
  }
}

/** Judged by the first kilobytes: a NUL anywhere decides in any case. */
function fewControls(sample: Uint8Array): boolean {
  const length = Math.min(sample.length, 4096);
  let control = 0;
  for (let at = 0; at < length; at += 1) control += CONTROLS[sample[at]!]!;
  return control * 50 <= length;
}

function textMedia(head: Uint8Array, charset: string): string {
  const wide = charset.startsWith('utf-16');
  const start = Buffer.from(head.subarray(0, 256))
    .toString(wide ? 'utf16le' : 'latin1')
    .replace(/^(\ufeff|\xef\xbb\xbf)/, '');
  const type = /^\s*<\?xml[\s?]/.test(start)
    ? 'application/xml'
    : /^\s*<(!doctype\s+html|html[\s>])/i.test(start)
      ? 'text/html'
      : 'text/plain';
  return `${type}; charset=${charset}`;
}

/**
 * Looks for a document type declaration in XML. It may stand behind any amount of comments, so the whole document is
 * searched; HTML's own `<!DOCTYPE html>` in a page that does not claim to be XML is none.
 */
class DoctypeWatch {
  found: number | undefined;
  private state: 'unknown' | 'xml' | 'other' = 'unknown';
  private size = 0;
  private before: Uint8Array = new Uint8Array(0);

  update(bytes: Uint8Array, head: Uint8Array): void {
    if (this.state === 'unknown') this.state = xmlKind(head);
    if (this.state !== 'other' && this.found === undefined) this.search(bytes);
    this.size += bytes.length;
  }

  private search(bytes: Uint8Array): void {
    const joined =
      this.before.length === 0
        ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
        : Buffer.concat([this.before, bytes]);
    if (!joined.includes('<!') && !joined.includes(0)) {
      this.before = new Uint8Array(joined.subarray(-64));
      return;
    }
    // UTF-16 doctypes become visible by leaving out the NULs; offsets are only told for byte-wide text.
    const wide = joined.includes(0);
    const text = joined.toString('latin1');
    const hit = (wide ? text.replaceAll('\0', '') : text).search(/<!(DOCTYPE(?!\s+html\s*>)|ENTITY)/i);
    if (hit >= 0) this.found = wide ? 0 : this.size - this.before.length + hit;
    this.before = new Uint8Array(joined.subarray(-64));
  }
}

function xmlKind(head: Uint8Array): 'unknown' | 'xml' | 'other' {
  const first = head[0];
  if (first === undefined) return 'unknown';
  // `<`, white space, a byte order mark or the NUL of UTF-16: nothing else begins a document.
  if (first > 0x20 && first !== 0x3c && first < 0xef) return 'other';
  const start = Buffer.from(head.subarray(0, 512))
    .toString('latin1')
    .replaceAll('\0', '')
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .trimStart();
  if (start === '') return head.length > 512 ? 'other' : 'unknown';
  return start.startsWith('<') ? 'xml' : 'other';
}
