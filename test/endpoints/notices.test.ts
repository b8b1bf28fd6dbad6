import { describe, expect, test } from 'vitest';
import { checkEndpoints, endpointsFor, noticeEndpoints, situationFrom } from '../../src/endpoints/index.ts';
import type { EndpointCatalog } from '../../src/endpoints/load.ts';

const catalog = endpointsFor('ibm-hmc-860') as EndpointCatalog;
const NETSTAT = `Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State
tcp        0      0 0.0.0.0:22              0.0.0.0:*               LISTEN
tcp        0      0 0.0.0.0:443             0.0.0.0:*               LISTEN
tcp        0      0 10.1.2.3:50000          129.42.56.189:443       ESTABLISHED
tcp        0      0 10.1.2.3:50001          198.51.100.77:8443      ESTABLISHED
tcp        0      0 10.1.2.3:50002          198.51.100.78:8443      ESTABLISHED
`;
const IPTABLES = `*filter
:INPUT DROP [0:0]
:OUTPUT DROP [0:0]
-A INPUT -s 198.51.100.0/24 -p tcp --dport 22 -j ACCEPT
-A OUTPUT -d 198.51.100.9 -p tcp --dport 9999 -j ACCEPT
COMMIT
`;
const look = (text: string | undefined, platform?: string) =>
  noticeEndpoints(catalog, [{ path: ['b.tgz', 'acuppd.tgz', 'netstat_-anpoe'], text }], platform);

describe('evidence inside a payload', () => {
  test('a check would find violations in it; here they are notices that claim no more than is known', () => {
    const situation = situationFrom(catalog, { profile: 'simplified', session: false });
    expect(checkEndpoints(catalog, [{ file: '', text: NETSTAT }], situation).outcome).toBe('violation');
    const { read, notices } = look(NETSTAT);
    expect(read).toEqual([{ path: ['b.tgz', 'acuppd.tgz', 'netstat_-anpoe'], format: 'sockets' }]);
    expect(notices.map(({ message, count }) => [message, count])).toEqual([
      ['tcp 8443: a destination that is not documented', 2],
      ['tcp 22: open to others; whether a remote service session was open is not known', 1],
      ['tcp 443: open to others; whether a remote service session was open is not known', 1],
    ]);
    expect(JSON.stringify(notices)).not.toMatch(/violation|without a service session/);
  });

  test('no address of the payload is repeated', () => {
    for (const text of [NETSTAT, IPTABLES, IPTABLES.replace('-p tcp', '-p 198.51.100.66')]) {
      expect(look(text).notices.length).toBeGreaterThan(0);
      expect(JSON.stringify(look(text))).not.toContain('198.51.100');
    }
  });

  test('without a platform no rule of a platform, a profile or a lifecycle applies', () => {
    const { groups } = catalog;
    const flow = (host: string, port: number) => `src,dst,dst_port,proto,action\n10.1.2.3,${host},${port},tcp,allow\n`;
    const every = groups
      .flatMap(({ endpoints }) => endpoints)
      .filter(
        ({ range, protocol, direction, port }) => range && port && protocol === 'https' && direction !== 'inbound',
      );
    expect(every.length).toBeGreaterThan(10);
    for (const { address, port } of every) {
      const { read, notices } = look(flow((address as string).split('/')[0] as string, port as number));
      expect([read[0]?.format, notices]).toEqual(['flow records', []]);
    }
  });

  test('what cannot be read, or was not kept, is said', () => {
    expect(look('version= Version: 8').notices.map(({ code }) => code)).toEqual(['unreadable']);
    expect(look(undefined).notices.map(({ code }) => code)).toEqual(['too-large']);
  });

  test('a payload can neither flood the result nor stop the audit', () => {
    const ports = Array.from({ length: 5000 }, (_, at) => `tcp 0 0 0.0.0.0:${at + 10_000} 0.0.0.0:* LISTEN`).join('\n');
    const { notices, more } = look(ports);
    expect(notices.length + more).toBeGreaterThanOrEqual(4990);
    expect(notices.length).toBe(300);
    const rules = Array.from(
      { length: 2000 },
      (_, at) => `-A OUTPUT -d 9.${at % 251}.7.1 -p tcp --dport ${at + 1} -j ACCEPT`,
    );
    const many = IPTABLES.replace('COMMIT', `${rules.join('\n')}\nCOMMIT`);
    expect(look(many).notices.map(({ code }) => code)).toEqual(['too-large']);
  });
});

describe('the checklist of controls', () => {
  const states = (...texts: string[]) => {
    const evidence = texts.map((text, at) => ({ path: ['b.tgz', `${at}`], text }));
    const { controls = [] } = noticeEndpoints(catalog, evidence, undefined);
    return Object.fromEntries(
      controls.map(({ id, state, evidence }) => [id, `${state} ${evidence.map(({ kind }) => kind)}`]),
    );
  };

  test('every control is in it, and without evidence none is met', () => {
    const { controls = [] } = noticeEndpoints(catalog, [], 'power');
    expect(controls.map(({ id }) => id)).toEqual(catalog.controls.map(({ id }) => id));
    expect(new Set(controls.map(({ state }) => state))).toEqual(new Set(['not-assessed', 'not-applicable']));
    expect(controls.find(({ id }) => id === 'challenge-response')?.state).toBe('not-applicable');
  });

  test('rules are configured, sockets observed; what speaks against a control is a question, never a violation', () => {
    expect(states(IPTABLES, NETSTAT)).toMatchObject({
      'established-443': 'not-assessed ',
      'limited-addresses': 'question configured',
      'documented-connections': 'question observed',
      'outbound-only': 'question configured,observed',
      'connections-originate-inside': 'met observed',
    });
    const closed =
      '*filter\n:INPUT DROP [0:0]\n:OUTPUT DROP [0:0]\n-A OUTPUT -d 129.42.56.189 -p tcp --dport 443 -j ACCEPT\nCOMMIT\n';
    expect(states(closed)).toMatchObject({
      'established-443': 'not-assessed ',
      'limited-addresses': 'met configured',
      'outbound-only': 'met configured',
    });
    expect(states('*filter\n:INPUT DROP\nnonsense\nCOMMIT\n')['outbound-only']).toBe('question configured');
  });

  test('no address of the payload is repeated', () => {
    const { controls } = noticeEndpoints(catalog, [{ path: ['a'], text: IPTABLES }], undefined);
    expect(JSON.stringify(controls)).not.toContain('198.51.100');
  });
});

test('an inventory without a list of endpoints has none', () => {
  expect(endpointsFor('sosreport')).toBeUndefined();
  expect(endpointsFor('mine', 'ibm-hmc-860')?.identity.id).toBe('ibm-hmc-860');
  expect(() => endpointsFor('mine', 'nosuch')).toThrow(/unknown endpoint list/);
});
