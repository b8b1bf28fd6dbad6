import { parseRange } from '../address.ts';
import type { BadLine, Connection, Reading } from './reading.ts';

export function looksLikeLssysconn(text: string): boolean {
  return /^(?:"?)resource_type=\w+,/m.test(text);
}

/** `lssysconn -r all`: one managed system, frame or console a line, as `key=value` pairs; its addresses are peers. */
export function readLssysconn(text: string): Reading {
  const bad: BadLine[] = [];
  const connections: Connection[] = [];
  let begun = false;
  for (const [index, line] of text.split('\n').entries()) {
    const resource = /^"?resource_type=/.test(line);
    begun ||= resource;
    if (!resource) {
      // In hmc.eed the output of lshmc -V stands before it.
      if (begun && line.trim() !== '') bad.push({ line: index + 1, why: 'not a connection: resource_type is missing' });
      continue;
    }
    for (const match of line.matchAll(/(?:^|,)"?(?:ipaddr|alt_ipaddr)=([^,"]*)/g)) {
      const text = match[1] as string;
      if (text === '' || text === 'unavailable') continue;
      const peer = parseRange(text);
      if (peer === undefined) bad.push({ line: index + 1, why: 'ipaddr is no address' });
      else
        connections.push({
          line: index + 1,
          transport: 'tcp',
          direction: 'outbound',
          peer,
          host: undefined,
          port: undefined,
          allowed: true,
        });
    }
  }
  return { format: 'lssysconn', kind: 'connections', bad, connections, listeners: [] };
}
