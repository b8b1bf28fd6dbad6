import { isLocal, parseRange } from '../address.ts';
import type { BadLine, Connection, Reading } from './reading.ts';
import { parsePorts, transportsOf } from './rule-draft.ts';

/** Names that exporters give to the columns we need; compared in lower case without `_`, `-`, `.` and blanks. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  source: [
    'src',
    'srcip',
    'srcaddr',
    'sourceip',
    'sourceaddress',
    'source',
    'sa',
    'idorigh',
    'sourceipv4address',
    'sourceipv6address',
  ],
  destination: [
    'dst',
    'dstip',
    'dstaddr',
    'destip',
    'destinationip',
    'destinationaddress',
    'destination',
    'da',
    'idresph',
    'destinationipv4address',
    'destinationipv6address',
  ],
  // Addresses after translation: RFC 8158 (IPFIX), nfdump's csv, and what firewalls call them.
  natSource: [
    'postnatsourceipv4address',
    'postnatsourceipv6address',
    'xsrcip',
    'xlatesrc',
    'natsrc',
    'natsrcip',
    'natsource',
    'natsourceip',
    'sourcenatip',
    'transip',
    'srcnatip',
    'srcxlated',
  ],
  natDestination: [
    'postnatdestinationipv4address',
    'postnatdestinationipv6address',
    'xdstip',
    'xlatedst',
    'natdst',
    'natdstip',
    'natdestination',
    'natdestinationip',
    'destinationnatip',
    'tranip',
    'dstnatip',
    'dstxlated',
  ],
  port: ['dport', 'dstport', 'destport', 'destinationport', 'dp', 'idrespp', 'port'],
  protocol: ['proto', 'protocol', 'pr', 'ipprotocol'],
  action: ['action', 'verdict', 'status'],
  host: ['host', 'hostname', 'sni', 'domain', 'dsthost'],
};

type Row = Readonly<Record<string, string>>;

export function looksLikeFlow(text: string): boolean {
  if (/^\s*[[{]/.test(text)) return /"(?:dst|dest|destination|da|id\.resp_h)\w*"\s*:/i.test(text.slice(0, 20_000));
  const header = text.split('\n', 1)[0] ?? '';
  const names = separated(header).map(plain);
  return ['destination', 'port'].every((column) => names.some((name) => NAMES[column]?.includes(name)));
}

/** Flow records as CSV with a header, as a JSON array, or as JSON Lines. `own` narrows to flows of these addresses. */
export function readFlow(text: string, own: readonly string[]): Reading {
  const bad: BadLine[] = [];
  const connections: Connection[] = [];
  for (const { line, row, why } of rowsOf(text)) {
    const connection = row === undefined ? why : readRow(row, line, own);
    if (typeof connection === 'string') bad.push({ line, why: connection });
    else if (connection !== undefined) connections.push(connection);
  }
  return { format: 'flow records', kind: 'connections', bad, connections, listeners: [] };
}

type Numbered = { line: number; row: Row; why?: never } | { line: number; row?: never; why: string };

function* rowsOf(text: string): Generator<Numbered> {
  if (/^\s*\[/.test(text)) {
    let records: unknown;
    try {
      records = JSON.parse(text);
    } catch {
      yield { line: 1, why: 'not valid JSON' };
      return;
    }
    for (const [index, record] of (records as unknown[]).entries()) yield { line: index + 1, row: rowOf(record) };
    return;
  }
  const lines = text.split('\n');
  const json = /^\s*\{/.test(text);
  const header = json ? [] : separated(lines[0] ?? '').map(plain);
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#') || (!json && index === 0)) continue;
    if (json) {
      try {
        yield { line: index + 1, row: rowOf(JSON.parse(line)) };
      } catch {
        yield { line: index + 1, why: 'not valid JSON' };
      }
      continue;
    }
    const values = separated(line);
    if (values.length !== header.length) yield { line: index + 1, why: 'not as many columns as the header' };
    else yield { line: index + 1, row: Object.fromEntries(header.map((name, at) => [name, values[at] ?? ''])) };
  }
}

function rowOf(record: unknown): Row {
  if (typeof record !== 'object' || record === null) return {};
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [plain(name), String(value ?? '')]));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** RFC 4180, one record a line; the separator is the first of comma, semicolon and tab that occurs. */
function separated(line: string): string[] {
  const separator = /[,;\t]/.exec(line.replace(/"[^"]*"/g, ''))?.[0] ?? ',';
  const values: string[] = [];
  let value = '';
  let quoted = false;
  for (const character of line.replace(/\r$/, '')) {
    if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      values.push(value.trim());
      value = '';
    } else value += character;
  }
  return [...values, value.trim()];
}

function readRow(row: Row, line: number, own: readonly string[]): Connection | string | undefined {
  const get = (column: string): string => {
    const name = NAMES[column]?.find((each) => row[each] !== undefined);
    return name === undefined ? '' : (row[name] as string);
  };
  const [from, to, natFrom, natTo] = [get('source'), get('destination'), get('natSource'), get('natDestination')];
  const [source, destination, target] = [parseRange(from), parseRange(to), parseRange(natTo)];
  const host = get('host').toLowerCase() || undefined;
  if (destination === undefined && host === undefined) return 'no destination address';
  const transport = get('protocol') === '' ? 'tcp' : (transportsOf(get('protocol')) ?? ['other'])[0];
  if (transport === undefined) return undefined; // ICMP is not judged
  const portless = transport === 'esp' || transport === 'other';
  const port = parsePorts(get('port'))?.[0];
  if (port === undefined && !portless) return 'no destination port';
  // A console behind a NAT is known by either of its addresses.
  const [begins, ends] = [
    [from, natFrom].some((address) => own.includes(address)),
    [to, natTo].some((address) => own.includes(address)),
  ];
  if (own.length > 0 && !begins && !ends) return undefined;
  const inside = (target !== undefined && isLocal(target)) || (destination !== undefined && isLocal(destination));
  const inbound = own.length > 0 ? ends : inside && source !== undefined && !isLocal(source);
  // Where the packets went, if that is not a machine of our own on the way (a transparent proxy).
  const reached = target !== undefined && !isUnset(natTo) && !isLocal(target) ? target : destination;
  return {
    line,
    transport,
    direction: inbound ? 'inbound' : 'outbound',
    peer: inbound ? source : reached,
    host: inbound ? undefined : host,
    port: portless ? undefined : port,
    allowed: !/^(?:deny|denied|drop|dropped|block|blocked|reject|rejected)$/i.test(get('action')),
  };
}

/** Exporters write the zero address where nothing was translated. */
const isUnset = (address: string): boolean => /^[0.:]*$/.test(address);
