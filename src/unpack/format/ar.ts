import type { Box, Format } from '../box.ts';
import type { Co } from '../reader.ts';

const MAGIC = '!<arch>\n';
const HEADER = 60;

/** ar, and with it Debian packages: GNU and BSD long names (ar(5)). A thin archive names files that are not in it. */
export const ar: Format = {
  id: 'ar',
  media: 'application/x-archive',
  sniff: (head) => latin1(head, 0, 8) === MAGIC,
  *walk(box: Box) {
    const { reader } = box;
    yield* reader.read(MAGIC.length);
    box.ledger.take('header', reader.position);
    let longNames: Uint8Array = new Uint8Array(0);
    for (;;) {
      const offset = reader.position;
      const header = new Uint8Array(yield* reader.peek(HEADER));
      if (header.length === 0) break;
      if (header.length < HEADER) box.fail('truncated', 'an ar header is cut off', offset);
      const size = Number(/^(\d+) *$/.exec(latin1(header, 48, 58))?.[1] ?? Number.NaN);
      if (latin1(header, 58, 60) !== '`\n' || !Number.isSafeInteger(size)) box.fail('corrupt', 'no ar header', offset);
      reader.advance(HEADER);
      box.ledger.take('header', reader.position);
      // Time, owner and mode are numbers; text in their place has to be scanned.
      if (!/^[0-9 ]*$/.test(latin1(header, 16, 48))) yield* box.aside('header', offset, 'header-field', header);
      const stated = latin1(header, 0, 16).trimEnd();
      if (stated === '//') {
        box.chargeMetadata(size, offset);
        longNames = new Uint8Array(yield* reader.read(size));
        if (longNames.length < size) box.fail('truncated', 'the table of long names is cut off', offset);
        box.ledger.take('header', reader.position);
        yield* box.aside('names', offset, 'header-field', longNames);
      } else {
        const { name, used } = yield* memberName(box, stated, longNames, size, offset);
        yield* box.stored({ name, kind: 'file' }, size - used);
      }
      yield* evenOut(box, size);
    }
  },
};

function* memberName(
  box: Box,
  stated: string,
  longNames: Uint8Array,
  size: number,
  offset: number,
): Co<{ name: Uint8Array; used: number }> {
  const bsd = /^#1\/(\d+)$/.exec(stated);
  if (bsd) {
    const length = Number(bsd[1]);
    box.chargeMetadata(length, offset);
    if (length > size) box.fail('corrupt', 'a name longer than its member', offset);
    const field = new Uint8Array(yield* box.reader.read(length));
    box.ledger.take('header', box.reader.position);
    const end = field.indexOf(0);
    if (end >= 0 && field.subarray(end).some((byte) => byte !== 0)) {
      yield* box.aside('slack', offset, 'slack', field.subarray(end + 1));
    }
    return { name: end < 0 ? field : field.subarray(0, end), used: length };
  }
  const long = /^\/(\d+)$/.exec(stated);
  if (long) {
    const from = Number(long[1]);
    const end = longNames.indexOf(0x0a, from);
    const name = longNames.subarray(from, end < 0 ? longNames.length : end);
    return { name: name.at(-1) === 0x2f ? name.subarray(0, -1) : name, used: 0 };
  }
  // GNU closes names with a slash; `/` and `/SYM64/` are symbol tables, whose content is read like any member's.
  const name = stated.length > 1 && stated.endsWith('/') && !stated.startsWith('/') ? stated.slice(0, -1) : stated;
  const shown = name.startsWith('/') ? `#symbols@${offset}` : name;
  return { name: Buffer.from(shown, 'latin1'), used: 0 };
}

/** Members begin at even offsets; the byte between is a newline. */
function* evenOut(box: Box, size: number): Co<void> {
  if (size % 2 === 0) return;
  const offset = box.reader.position;
  const byte = yield* box.reader.read(1);
  if (byte.length > 0 && byte[0] !== 0x0a && byte[0] !== 0) yield* box.aside('slack', offset, 'slack', byte);
  box.ledger.take('padding', box.reader.position);
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, to)).toString('latin1');
}
