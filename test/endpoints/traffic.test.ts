import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  checkEndpoints,
  type EndpointCheck,
  loadEndpoints,
  readEvidenceFile,
  situationFrom,
} from '../../src/endpoints/index.ts';

const catalog = loadEndpoints('ibm-hmc-860');
type Given = Partial<Parameters<typeof situationFrom>[1]>;

function check(text: string, given: Given = {}): EndpointCheck {
  const situation = situationFrom(catalog, { profile: 'simplified', session: false, ...given });
  return checkEndpoints(catalog, [{ file: 'evidence', text }], situation);
}
const told = (result: EndpointCheck) =>
  result.findings.map(({ level, code, line, address, port }) =>
    [level, code, line, address, port].filter((part) => part !== undefined).join(' '),
  );

const SQUID =
  '1512378900.123    245 10.1.2.3 TCP_TUNNEL/200 4321 CONNECT esupport.ibm.com:443 - HIER_DIRECT/129.42.56.189 -\n';
test.each([
  [SQUID, 'clear'],
  [SQUID.replace('esupport.ibm.com', '129.42.60.189'), 'clear'],
  [SQUID.replace('esupport.ibm.com', 'example.com'), 'violation'],
  [SQUID.replace(':443', ':22'), 'violation'],
  [SQUID.replace('CONNECT esupport.ibm.com:443', 'CONNECT esupport.ibm.com:80'), 'violation'],
  [SQUID.replace('CONNECT esupport.ibm.com:443', 'GET http://esupport.ibm.com/fix'), 'clear'],
  [SQUID.replace('CONNECT esupport.ibm.com:443', 'GET http://user:x@example.com/'), 'violation'],
  [SQUID.replace('TCP_TUNNEL/200', 'TCP_DENIED/403'), 'violation'],
  [SQUID.replace('TCP_TUNNEL/200', 'TCP_DENIED/403').replace('esupport.ibm.com', 'example.com'), 'clear'],
  [SQUID.replace('TCP_TUNNEL/200', 'TCP_DENIED/407'), 'clear'],
  [
    '10.1.2.3 - - [04/Dec/2017:09:15:00 +0000] "CONNECT esupport.ibm.com:443 HTTP/1.1" 200 39 "-" "-" TCP_TUNNEL:HIER_DIRECT\n',
    'clear',
  ],
  [
    '10.1.2.3 - - [04/Dec/2017:09:15:00 +0000] "CONNECT example.com:443 HTTP/1.1" 200 39 TCP_TUNNEL:HIER_DIRECT\n',
    'violation',
  ],
  [`${SQUID}broken line\n`, 'unknown'],
])('squid access log %j: %s', (log, outcome) => {
  expect(check(log).outcome).toBe(outcome);
});

test('other clients of a proxy are left out once the console is named', () => {
  const log = SQUID + SQUID.replace('10.1.2.3', '10.9.9.9').replace('esupport.ibm.com', 'example.com');
  expect(check(log).outcome).toBe('violation');
  expect(check(log, { hmc: ['10.1.2.3'] }).outcome).toBe('clear');
});

test('squid.conf: documented hosts pass, nothing else', () => {
  const conf = (...lines: string[]) =>
    ['acl hmc src 10.1.2.3', 'acl SSL_ports port 443', ...lines, 'http_access deny all', ''].join('\n');
  const closed = [
    'acl ibm dstdomain esupport.ibm.com',
    'http_access deny CONNECT !SSL_ports',
    'http_access allow hmc ibm',
  ];
  expect(check(conf(...closed)).outcome).toBe('clear');
  expect(check(conf('http_access deny CONNECT !SSL_ports', 'http_access allow hmc')).outcome).toBe('violation');
  expect(check(conf(...closed, 'acl other dstdomain .example.com', 'http_access allow hmc other')).outcome).toBe(
    'violation',
  );
  expect(check(conf('http_access deny CONNECT !SSL_ports')).outcome).toBe('violation');
  expect(check(conf('acl net dst 129.42.0.0/18', 'http_access allow hmc CONNECT SSL_ports net')).outcome).toBe('clear');
  expect(
    check(conf('acl when time MTWHF 08:00-18:00', ...closed.slice(0, 2), 'http_access allow when ibm')).outcome,
  ).toBe('unknown');
});

test('squid.conf as squid reads it', () => {
  const own = ['http_access allow localhost manager', 'http_access deny manager', 'http_access deny to_localhost'];
  const conf = (...lines: string[]) =>
    [
      'acl SSL_ports port 443',
      ...own,
      'http_access deny CONNECT !SSL_ports',
      ...lines,
      'http_access deny all',
      '',
    ].join('\n');
  const allow = 'http_access allow CONNECT ibm';
  expect(check(conf('acl ibm dstdomain esupport.ibm.com', allow)).outcome).toBe('clear');
  expect(check(conf('acl ibm dstdomain \\', '  esupport.ibm.com \\', '  .example.com', allow)).outcome).toBe(
    'violation',
  );
  expect(check(conf('acl ibm dst esupport.ibm.com', allow)).outcome).not.toBe('violation');
  expect(told(check(conf('include /etc/squid/conf.d/*.conf', 'acl ibm dstdomain esupport.ibm.com', allow)))).toEqual([
    'unknown bad-line 6',
  ]);
  // The first rule that fits decides.
  expect(check(conf('http_access allow CONNECT', 'acl ibm dstdomain esupport.ibm.com', allow)).outcome).toBe(
    'violation',
  );
  expect(check(conf('http_access deny CONNECT', 'acl ibm dstdomain esupport.ibm.com', allow)).outcome).toBe(
    'violation',
  );
});

test('sockets as AIX, BSD and ss -tunap list them', () => {
  const aix = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  *.22                   *.*                    LISTEN
tcp        0      0  10.1.2.3.40112         129.42.56.189.443      ESTABLISHED
tcp6       0      0  fd00::5.40113          2620:0:6c0:200:129:42:56:189.443  ESTABLISHED
tcp46      0      0  *.9920                 *.*                    LISTEN
udp4       0      0  *.9900                 *.*
tcp4       0      0  10.1.2.3.40114         198.51.100.7.443       ESTABLISHED
`;
  expect(told(check(aix))).toEqual([
    'violation endpoint-undocumented 8 198.51.100.7 443',
    'violation inbound-open 3 22',
  ]);
  const ss = `Netid State  Recv-Q Send-Q  Local Address:Port    Peer Address:Port Process
udp   UNCONN 0      0             0.0.0.0:9900       0.0.0.0:*     users:(("java",pid=1,fd=7))
tcp   LISTEN 0      128              [::]:9920          [::]:*     users:(("java",pid=1,fd=9))
tcp   LISTEN 0      128           0.0.0.0:8443       0.0.0.0:*     users:(("java",pid=1,fd=8))
tcp   ESTAB  0      0      10.1.2.3%eth0:40112 129.42.56.189:443   users:(("java",pid=1,fd=10))
tcp   ESTAB  0      0            10.1.2.3:40113  203.0.113.9:4443  users:(("java",pid=1,fd=11))
`;
  expect(told(check(ss))).toEqual([
    'violation endpoint-undocumented 6 203.0.113.9 4443',
    'violation inbound-open 4 8443',
  ]);
});

test('a file larger than what is held in memory is an error, not a partial answer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clearance-endpoints-'));
  const path = join(folder, 'access.log');
  writeFileSync(path, '');
  truncateSync(path, 257 * 1024 * 1024);
  await expect(readEvidenceFile(path)).rejects.toThrow(/larger than 256 MiB/);
  rmSync(folder, { recursive: true });
});

const NETSTAT = `Active Internet connections (servers and established)
Proto Recv-Q Send-Q Local Address           Foreign Address         State       User       Inode      PID/Program name     Timer
tcp        0      0 127.0.0.1:9090          0.0.0.0:*               LISTEN      0          1          1/java               off (0.00/0/0)
tcp6       0      0 :::9920                 :::*                    LISTEN      0          2          1/java               off (0.00/0/0)
udp        0      0 0.0.0.0:9900            0.0.0.0:*                           0          3          1/java               off (0.00/0/0)
tcp        0      0 10.1.2.3:40112          129.42.56.189:443       ESTABLISHED 0          4          1/java               off (0.00/0/0)
tcp        0      0 10.1.2.3:40113          10.0.0.9:5989           ESTABLISHED 0          5          1/java               off (0.00/0/0)
unix  2      [ ]         DGRAM                    12345    1/systemd           /run/systemd/notify
`;
test('netstat -anpoe', () => {
  expect(told(check(NETSTAT))).toEqual([]);
  const bad = `${NETSTAT}tcp 0 0 0.0.0.0:23 0.0.0.0:* LISTEN 0 6 1/x off (0.00/0/0)
tcp 0 0 10.1.2.3:40114 198.51.100.7:443 ESTABLISHED 0 7 1/java off (0.00/0/0)
tcp 0 0 10.1.2.3:23 203.0.113.9:51000 ESTABLISHED 0 8 1/x off (0.00/0/0)
tcp 0 0 nonsense\n`;
  expect(told(check(bad))).toEqual([
    'unknown bad-line 12',
    'violation endpoint-undocumented 10 198.51.100.7 443',
    'violation inbound-connection 11 203.0.113.9 23',
    'violation inbound-open 9 23',
  ]);
  expect(told(check(bad, { session: true })).filter((line) => line.startsWith('violation'))).toEqual([
    'violation endpoint-undocumented 10 198.51.100.7 443',
  ]);
});

test('flow records as CSV and JSON Lines', () => {
  const csv =
    'ts,src_ip,dst_ip,dst_port,proto\n1,10.1.2.3,129.42.56.189,443,tcp\n2,10.1.2.3,198.51.100.7,443,6\n3,10.1.2.3,x\n4,203.0.113.9,10.1.2.3,22,tcp\n';
  expect(told(check(csv))).toEqual([
    'unknown bad-line 4',
    'violation endpoint-undocumented 3 198.51.100.7 443',
    'violation inbound-connection 5 203.0.113.9 22',
  ]);
  const json =
    '{"src":"10.1.2.3","dst":"129.42.56.189","dport":443,"proto":"tcp"}\n{"src":"10.1.2.3","dst":"129.42.56.189","dport":25,"proto":"tcp"}\n';
  expect(told(check(json))).toEqual(['violation endpoint-undocumented 2 129.42.56.189 25']);
  expect(check(JSON.stringify([{ src: '10.1.2.3', dst: '129.42.56.189', dport: 443 }])).outcome).toBe('clear');
});

test('flow records of a network behind a NAT', () => {
  const header = 'ts,src,dst,dport,proto,postNATSourceIPv4Address,postNATDestinationIPv4Address\n';
  const flows = (...rows: string[]) => header + rows.map((row, index) => `${index},${row}\n`).join('');
  const hmc = { hmc: ['10.1.2.3'] };
  // Masking the source is fine, whichever side of the NAT the exporter names first.
  const masked = '10.1.2.3,129.42.56.189,443,tcp,203.0.113.1,0.0.0.0';
  expect(check(flows(masked), hmc).outcome).toBe('clear');
  expect(check(flows(masked)).outcome).toBe('clear');
  expect(check(flows('203.0.113.1,129.42.56.189,443,tcp,10.1.2.3,0.0.0.0'), hmc).outcome).toBe('clear');
  expect(told(check(flows('10.1.2.3,198.51.100.7,443,tcp,203.0.113.1,0.0.0.0'), hmc))).toEqual([
    'violation endpoint-undocumented 2 198.51.100.7 443',
  ]);
  // Seen from outside only, no flow is the console's: that shows nothing.
  expect(check(flows('203.0.113.1,129.42.56.189,443,tcp,,'), hmc).outcome).toBe('unknown');
  // Forwarded to the console from outside.
  const forwarded = flows('198.51.100.9,203.0.113.1,22,tcp,,10.1.2.3');
  for (const given of [hmc, {}]) {
    expect(told(check(forwarded, given))).toEqual(['violation inbound-connection 2 198.51.100.9 22']);
    expect(check(forwarded, { ...given, session: true }).outcome).toBe('clear');
  }
  // A proxy of one's own on the way, and packets sent somewhere else than it looks.
  expect(check(flows('10.1.2.3,129.42.56.189,443,tcp,,10.1.9.9'), hmc).outcome).toBe('clear');
  expect(told(check(flows('10.1.2.3,129.42.56.189,443,tcp,,198.51.100.7'), hmc))).toEqual([
    'violation endpoint-undocumented 2 198.51.100.7 443',
  ]);
  // The tunnel behind a NAT goes over UDP 4500.
  const vpn = { ...hmc, profile: 'vpn', nat: true };
  const tunnel = ['10.1.2.3,129.42.160.16,500,udp,203.0.113.1,', '10.1.2.3,129.42.160.16,4500,udp,203.0.113.1,'];
  expect(told(check(flows(...tunnel), vpn)).filter((line) => line.startsWith('violation'))).toEqual([]);
  expect(told(check(flows('10.1.2.3,129.42.160.16,4501,udp,203.0.113.1,'), vpn))[0]).toMatch(/^violation/);
});

test('lssysconn -r all: managed systems are on own networks', () => {
  const line =
    'resource_type=sys,type_model_serial_num=8408-E8E*1012345,sp=primary,ipaddr=10.0.0.9,alt_ipaddr=unavailable,state=Connected\n';
  expect(check(line).outcome).toBe('clear');
  expect(check(line.replace('10.0.0.9', '198.51.100.7')).outcome).toBe('violation');
  expect(check(`"version= Version: 8\n Release: 8.6.0\n"\n${line}`).outcome).toBe('clear');
  expect(check(`${line}nonsense\n`).outcome).toBe('unknown');
});

test('what the customer enters is theirs to declare', () => {
  const log = SQUID.replace('esupport.ibm.com:443', 'proxy.example.com:8443');
  expect(check(log, { allow: ['proxy.example.com:8443'] }).outcome).toBe('clear');
  expect(() => check(log, { allow: ['proxy'] })).toThrow(/no target/);
});

test('nothing that can be read is never clear', () => {
  for (const text of ['', 'hello\n', '{"nftables": [', '{"nftables": []}', '\u0000\u0001']) {
    expect(check(text).outcome, JSON.stringify(text)).toBe('unknown');
  }
});

const sh = (command: string, ...args: string[]) => spawnSync('sh', ['-ec', command, ...args], { encoding: 'utf8' });
const tool = (name: string) => sh(`command -v ${name}`).status === 0;

const APART = 'unshare -n';
const namespaces = sh(`${APART} true`).status === 0;

/** What a tool lists while a port is open and connected to, in a network of its own. */
function listed(command: string): string {
  const script = `
    const net = require('node:net');
    const server = net.createServer().listen(2125, '::', () => {
      net.connect(2125, '127.0.0.1', () => {
        process.stdout.write(require('node:child_process').execSync('${command} 2>/dev/null'));
        process.exit();
      });
    });`;
  const inside = `'ip link set lo up; exec "$0" -e "$1"'`;
  return sh(`${APART} sh -ec ${inside} "$0" "$1"`, process.execPath, script).stdout;
}

test.skipIf(!namespaces || !tool('ss'))('real ss (needs iproute2 and unshare -n)', () => {
  expect(told(check(listed('ss -anp')))).toEqual([expect.stringMatching(/^violation inbound-open \d+ 2125$/)]);
});

test.skipIf(!namespaces || !tool('netstat'))('real netstat -anpoe (needs net-tools and unshare -n)', () => {
  expect(told(check(listed('netstat -anpoe')))).toEqual([expect.stringMatching(/^violation inbound-open \d+ 2125$/)]);
});

test('an interface beside a link-local address', () => {
  expect(told(check('udp UNCONN 0 0 [fe80::5054:ff:fe12:3456]%ens3:546 [::]:* \n'))).toEqual([
    'violation inbound-open 1 546',
  ]);
});
