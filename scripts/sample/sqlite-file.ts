const PAGE = 4096;

/** A database of one table with text columns: two pages, as the file format (sqlite.org/fileformat2.html) has them. */
export function sqliteFile(table: string, columns: readonly string[], rows: readonly (readonly string[])[]): Buffer {
  const schema = `CREATE TABLE ${table}(${columns.map((name) => `${name} TEXT`).join(', ')})`;
  const first = leaf([record(['table', table, table, 2, schema])], 100);
  first.write('SQLite format 3\0', 0, 'latin1');
  first.writeUInt16BE(PAGE, 16);
  first.set([1, 1, 0, 64, 32, 32], 18);
  first.writeUInt32BE(1, 24); // change counter
  first.writeUInt32BE(2, 28); // pages
  first.writeUInt32BE(1, 40); // schema cookie
  first.writeUInt32BE(4, 44); // schema format
  first.writeUInt32BE(1, 56); // UTF-8
  first.writeUInt32BE(1, 92);
  first.writeUInt32BE(3008000, 96);
  return Buffer.concat([
    first,
    leaf(
      rows.map((row) => record(row)),
      0,
    ),
  ]);
}

function leaf(records: readonly Buffer[], start: number): Buffer {
  const page = Buffer.alloc(PAGE);
  let end = PAGE;
  records.forEach((payload, index) => {
    const cell = Buffer.concat([varint(payload.length), varint(index + 1), payload]);
    end -= cell.length;
    if (end < start + 8 + records.length * 2) throw new Error('rows do not fit one page');
    cell.copy(page, end);
    page.writeUInt16BE(end, start + 8 + index * 2);
  });
  page[start] = 13;
  page.writeUInt16BE(records.length, start + 3);
  page.writeUInt16BE(end, start + 5);
  return page;
}

function record(values: readonly (string | number)[]): Buffer {
  const types = values.map((value) => varint(typeof value === 'number' ? 1 : 13 + 2 * Buffer.byteLength(value)));
  const size = types.reduce((sum, part) => sum + part.length, 1);
  const bodies = values.map((value) => (typeof value === 'number' ? Buffer.from([value]) : Buffer.from(value)));
  return Buffer.concat([Buffer.from([size]), ...types, ...bodies]);
}

/** Up to 14 bits, which is all that is needed here. */
const varint = (value: number): Buffer =>
  value < 128 ? Buffer.from([value]) : Buffer.from([0x80 | (value >> 7), value & 127]);
