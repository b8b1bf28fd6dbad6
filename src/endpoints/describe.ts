import type { EndpointCheck, EndpointFinding } from './finding.ts';
import { shownEndpoint } from './judge-firewall.ts';
import type { LifecycleAnswer } from './lifecycle.ts';
import type { EndpointCatalog } from './load.ts';

/** One documented endpoint a line: JSON Lines. */
export function endpointLines(catalog: EndpointCatalog): string {
  return catalog.groups
    .flatMap(({ endpoints }) => endpoints)
    .map(
      ({ group, host, address, port, protocol, direction, purpose, ambiguous }) =>
        `${JSON.stringify({ group, host, address, port, protocol, direction, purpose, ambiguous })}\n`,
    )
    .join('');
}

export function describeEndpoints(catalog: EndpointCatalog): string {
  const lines = [`${catalog.identity.id} ${catalog.identity.version}: ${catalog.title}`];
  for (const group of catalog.groups) {
    const profiles = group.profiles === undefined ? '' : `, profile ${group.profiles.join(' or ')}`;
    lines.push('', `${group.id}: ${group.title} (${group.direction}${profiles})`);
    lines.push(`  ${group.cite.document}, ${group.cite.section}`);
    for (const endpoint of group.endpoints) {
      const marks = [
        endpoint.port === null && endpoint.protocol !== 'esp' ? 'port not stated' : '',
        endpoint.ambiguous ? 'ambiguous' : '',
      ];
      const shown = marks.filter((mark) => mark !== '').join(', ');
      lines.push(`  ${shownEndpoint(endpoint)}${shown === '' ? '' : ` [${shown}]`}  ${endpoint.purpose}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

export function describeCheck(check: EndpointCheck): string {
  const lines = [`${check.outcome}: profile ${check.profile} of ${check.endpoints.id} ${check.endpoints.version}`];
  for (const { file, format, examined } of check.files)
    lines.push(`  ${file}: ${format ?? 'unknown format'}, ${examined} examined`);
  for (const finding of check.findings) lines.push(describeFinding(finding));
  return `${lines.join('\n')}\n`;
}

function describeFinding({ level, file, line, message, address, count, cite }: EndpointFinding): string {
  const place = file === '' ? '' : ` ${file}${line === undefined ? '' : `:${line}`}:`;
  const peer = address === undefined || message.includes(address) ? '' : `: ${address}`;
  const times = count > 1 ? ` (${count} times)` : '';
  return `${level}:${place} ${message}${peer}${times}${cite === undefined ? '' : ` [${cite.document}, ${cite.section}]`}`;
}

export function describeLifecycle(answers: readonly LifecycleAnswer[]): string {
  return answers
    .map(({ outcome, rule, feature, title, unknown, cite }) => {
      const ask = unknown.length > 0 ? `; not known: ${unknown.join(', ')}` : '';
      return `${outcome}: ${rule} ${feature}: ${title}${ask} [${cite.document}, ${cite.section}]\n`;
    })
    .join('');
}
