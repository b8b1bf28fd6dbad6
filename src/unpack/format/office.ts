import type { Gap } from '../../model/index.ts';
import type { Box } from '../box.ts';
import { derivedText, type TextMaker } from '../derived.ts';
import { InflateSource } from '../inflate.ts';
import { DocumentText, SharedStrings } from '../office/document-text.ts';
import { XmlEvents } from '../office/xml-events.ts';
import { ByteReader, type ChunkSource, type Co } from '../reader.ts';
import { ranged } from '../sources.ts';
import { DEFLATED, FLAG, STORED, type ZipHeader } from './zip-records.ts';

interface Part {
  readonly name: string;
  readonly header: ZipHeader;
  /** Of its data, and of its local header. */
  readonly offset: number;
  readonly local: number;
}

/** Parts of one document; a zip with more of them is no document, and its members are read as they are in any case. */
const PARTS = 20_000;
const SPREADSHEET = /(^|\/)sharedstrings\.xml$/;

/**
 * Office documents are zip archives (ECMA-376 part 2, OpenDocument part 2): their XML is scanned like any member. But text
 * lies in it in pieces, so once all members were read, each part is read again for its text.
 */
export class OfficeDocument {
  private readonly parts: Part[] = [];
  private ooxml = false;
  private odf = false;

  note(header: ZipHeader, local: number, offset: number): void {
    const name = Buffer.from(header.name).toString('latin1').replaceAll('\\', '/').toLowerCase();
    if (name === '[content_types].xml') this.ooxml = true;
    else if (name === 'meta-inf/manifest.xml') this.odf = true;
    if (!name.endsWith('.xml') || this.parts.length > PARTS) return;
    if (header.method !== STORED && header.method !== DEFLATED) return;
    if ((header.flags & FLAG.encrypted) === 0) this.parts.push({ name, header, offset, local });
  }

  *text(box: Box): Co<void> {
    if ((!this.ooxml && !this.odf) || !box.random) return;
    if (this.parts.length > PARTS) box.gap('over-entries', `more than ${PARTS} parts in an office document`);
    const shared = new SharedStrings();
    for (const part of this.parts.filter(({ name }) => this.ooxml && SPREADSHEET.test(name))) {
      yield* readShared(box, part, shared);
    }
    for (const part of this.parts) {
      if (part.name === '[content_types].xml' || part.name.includes('_rels/')) continue;
      if (part.name === 'meta-inf/manifest.xml') {
        yield* lookForEncryption(box, part);
        continue;
      }
      const partGaps: Gap[] = [];
      const make = partText(box, part, new DocumentText(!this.ooxml, shared.strings), partGaps);
      yield* derivedText(box, 'text', part.local, make, partGaps);
    }
  }
}

/** The part's bytes once more. A member that breaks was told when it was read. */
function opened(box: Box, { header, offset }: Part): ChunkSource {
  const stored = ranged(box.random!, offset, offset + header.compressed, box.budget);
  return header.method === STORED ? stored : new InflateSource(new ByteReader(stored), box.budget, box);
}

function* partText(box: Box, part: Part, text: DocumentText, gaps: Gap[]): TextMaker {
  const source = opened(box, part);
  try {
    let xml: XmlEvents | undefined;
    for (let bytes = yield* source.next(); bytes; bytes = yield* source.next()) {
      xml ??= new XmlEvents(bytes);
      for (const event of xml.update(bytes)) yield text.take(event);
    }
    if (!xml) return;
    for (const event of xml.finish()) yield text.take(event);
    if (xml.broken) gaps.push({ code: 'corrupt', detail: xml.broken, offset: part.local });
  } finally {
    source.close?.();
  }
}

function* readShared(box: Box, part: Part, shared: SharedStrings): Co<void> {
  const source = opened(box, part);
  try {
    let xml: XmlEvents | undefined;
    for (let bytes = yield* source.next(); bytes; bytes = yield* source.next()) {
      xml ??= new XmlEvents(bytes);
      for (const event of xml.update(bytes)) shared.take(event);
      if (2 * shared.size > box.budget.limits.memory) {
        box.gap('over-memory', 'the shared strings of a workbook', part.local);
        return;
      }
    }
  } finally {
    source.close?.();
  }
}

/** Encrypted members of an OpenDocument package look like any others; its manifest says so (part 2, section 4.8.3). */
function* lookForEncryption(box: Box, part: Part): Co<void> {
  const source = opened(box, part);
  try {
    let xml: XmlEvents | undefined;
    for (let bytes = yield* source.next(); bytes; bytes = yield* source.next()) {
      xml ??= new XmlEvents(bytes);
      for (const event of xml.update(bytes)) {
        if (event.type !== 'open' || event.name !== 'encryption-data') continue;
        box.gap('encrypted', 'an OpenDocument package with encrypted members', part.local);
        return;
      }
    }
  } finally {
    source.close?.();
  }
}
