import { Flags } from '@oclif/core';
import { UsageError } from '../model/index.ts';
import type { Sink } from '../staging/index.ts';

/** Where `watch` tells of what it published; without one of them nothing leaves the machine. */
export const sinkFlags = {
  events: Flags.string({ helpValue: 'FILE', summary: 'Append OCSF events to FILE, one JSON object a line.' }),
  syslog: Flags.string({
    helpValue: 'URL',
    summary: 'Send OCSF events by syslog (RFC 5424): udp://HOST[:514], tcp://HOST[:514] or tls://HOST[:6514].',
  }),
  webhook: Flags.string({
    helpValue: 'URL',
    summary: 'Post each sidecar to an https URL, signed; tried again until it is taken.',
    dependsOn: ['webhook-secret'],
  }),
  'webhook-secret': Flags.string({
    helpValue: 'FILE',
    summary: 'Secret (32 bytes or more, mode 0600) that signs what is posted.',
    dependsOn: ['webhook'],
  }),
};

export type SinkFlags = { readonly [name in keyof typeof sinkFlags]?: string | undefined };

/** @throws UsageError for what is no address that may be sent to */
export async function sinksFrom(flags: SinkFlags): Promise<Sink[]> {
  const [{ fileSink, syslogSink, webhookSink }, { readSecretFile }] = await Promise.all([
    import('../staging/index.ts'),
    import('../evidence/index.ts'),
  ]);
  const sinks: Sink[] = [];
  if (flags.events !== undefined) sinks.push(fileSink(flags.events));
  if (flags.syslog !== undefined) sinks.push(syslogSink(address('syslog', flags.syslog, ['udp:', 'tcp:', 'tls:'])));
  if (flags.webhook !== undefined && flags['webhook-secret'] !== undefined) {
    const url = address('webhook', flags.webhook, ['https:', 'http:']);
    if (url.protocol === 'http:' && !['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) {
      throw new UsageError('--webhook would go unencrypted', ['use https, or http to this machine itself']);
    }
    const secret = readSecretFile(flags['webhook-secret']).trimEnd();
    if (Buffer.byteLength(secret) < 32) {
      throw new UsageError('the secret of --webhook-secret is too short', ['make one: openssl rand -hex 32']);
    }
    sinks.push(webhookSink(url, secret));
  }
  return sinks;
}

function address(flag: string, text: string, protocols: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && protocols.includes(url.protocol) && url.hostname !== '' && url.username === '' && url.password === '') {
    return url;
  }
  throw new UsageError(`--${flag} is no address that can be sent to`, [
    `write ${protocols.map((protocol) => `${protocol}//HOST`).join(' or ')}, without a user or password`,
  ]);
}
