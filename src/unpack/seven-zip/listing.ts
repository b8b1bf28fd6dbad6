/** One member as the program lists it. */
export interface Listed {
  readonly name: string;
  readonly directory: boolean;
  readonly size: number | undefined;
  readonly packed: number | undefined;
  readonly crc: number | undefined;
  readonly encrypted: boolean;
  readonly link: string | undefined;
}

export interface Listing {
  readonly physical: number | undefined;
  readonly headers: number | undefined;
  readonly members: readonly Listed[];
}

const MAIN = '\n--\n';
const MEMBERS = '\n----------\n';

/**
 * Reads `7z l -slt`: a block of `Key = value` lines for the archive, one for each member. `undefined` if the text cannot
 * be told apart: a name with a line end in it makes lines of its own, so every block must have its keys in the usual order.
 */
export function parseListing(text: string): Listing | undefined {
  const from = text.indexOf(MAIN);
  const start = text.indexOf(MEMBERS, from);
  // A second archive inside the first (a stub in front, parts of a set) has a block of its own.
  if (from < 0 || start < 0 || text.indexOf(MAIN, from + 1) >= 0 || text.indexOf(MEMBERS, start + 1) >= 0)
    return undefined;
  const archive = fields(text.slice(from + MAIN.length, start));
  const members: Listed[] = [];
  let keys: string | undefined;
  for (const block of text.slice(start + MEMBERS.length).split('\n\n')) {
    if (block.trim() === '') continue;
    const lines = block.replace(/^\n+|\n+$/g, '').split('\n');
    const found = fields(lines.join('\n'));
    const shape = lines.map((line) => line.slice(0, line.indexOf(' ='))).join('|');
    keys ??= shape;
    const name = found.get('Path');
    if (name === undefined || shape !== keys || found.size !== lines.length) return undefined;
    members.push({
      name,
      directory: found.get('Folder') === '+' || /^D/.test(found.get('Attributes') ?? ''),
      size: number(found.get('Size')),
      packed: number(found.get('Packed Size')),
      crc: /^[0-9A-F]{8}$/.test(found.get('CRC') ?? '') ? Number.parseInt(found.get('CRC')!, 16) : undefined,
      encrypted: found.get('Encrypted') === '+',
      link: found.get('Symbolic Link') || found.get('Hard Link') || found.get('Copy Link') || undefined,
    });
  }
  return { physical: number(archive.get('Physical Size')), headers: number(archive.get('Headers Size')), members };
}

function fields(block: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of block.split('\n')) {
    const [, key, value] = /^([A-Z][A-Za-z ]*) = ?(.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined && !found.has(key)) found.set(key, value);
  }
  return found;
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}
