import { BlockList, isIPv4 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLocal, parseRange, shownRange } from '../../src/endpoints/address.ts';
import { endpointLines, loadEndpoints } from '../../src/endpoints/index.ts';

const catalog = loadEndpoints('ibm-hmc-860');
const all = catalog.groups.flatMap(({ endpoints }) => endpoints);
const shown = (group: string) =>
  all
    .filter((endpoint) => endpoint.group === group)
    .map(({ host, address, port, protocol }) => `${host} ${address} ${port} ${protocol}`);

test('every host, address, port and protocol of the appendix', () => {
  expect(shown('simplified')).toEqual(
    [
      '129.42.56.189',
      '129.42.60.189',
      '129.42.54.189',
      '2620:0:6c0:200:129:42:56:189',
      '2620:0:6c2:200:129:42:60:189',
      '2620:0:6c4:200:129:42:54:189',
    ].flatMap((address) => [`esupport.ibm.com ${address} 443 https`, `esupport.ibm.com ${address} 80 http`]),
  );
  expect(shown('simplified-ranges')).toEqual(
    ['129.42.0.0/18', '2620:0:6c0::/45'].flatMap((address) => [`null ${address} 443 https`, `null ${address} 80 http`]),
  );
  expect(shown('config-download')).toEqual([
    'www-03.ibm.com 204.146.30.17 443 https',
    'www-03.ibm.com 204.146.30.17 80 http',
    'www6.software.ibm.com 170.225.15.41 443 https',
  ]);
  expect(shown('fix-download')).toEqual([
    'download3.boulder.ibm.com 170.225.15.76 80 http',
    'download3.mul.ie.ibm.com 129.35.224.114 80 http',
    'delivery03.bld.dhe.ibm.com 170.225.15.103 80 http',
    'delivery03.bld.dhe.ibm.com 129.35.224.103 80 http',
    'delivery03.mul.dhe.ibm.com 129.35.224.113 80 http',
    'delivery03.mul.dhe.ibm.com 170.225.15.113 80 http',
    'download4.boulder.ibm.com 170.225.15.107 80 http',
    'download4.mul.ie.ibm.com 129.35.224.107 80 http',
    'delivery04-bld.dhe.ibm.com 170.225.15.104 80 http',
    'delivery04-bld.dhe.ibm.com 129.35.224.104 80 http',
    'delivery04-mul.dhe.ibm.com 129.35.224.115 80 http',
    'delivery04-mul.dhe.ibm.com 170.225.15.115 80 http',
    'delivery04.dhe.ibm.com 129.35.224.105 80 http',
    'delivery04.dhe.ibm.com 170.225.15.105 80 http',
  ]);
  expect(shown('enrollment')).toEqual([
    'eccgw01.boulder.ibm.com 207.25.252.197 443 https',
    'eccgw02.rochester.ibm.com 129.42.160.51 443 https',
  ]);
  expect(shown('problem-gateway')).toEqual(
    ['129.42.26.224', '129.42.42.224', '129.42.50.224'].map((address) => `www-945.ibm.com ${address} 443 https`),
  );
  expect(shown('upload')).toEqual([
    'www6.software.ibm.com 170.225.15.41 443 https',
    'www.ecurep.ibm.com 192.109.81.20 443 https',
    'testcase.boulder.ibm.com 170.225.15.31 21 ftps',
  ]);
  expect(shown('ursf-problem')).toEqual(['null 198.74.67.240 19285 tcp', 'null 198.74.71.240 19285 tcp']);
  expect(shown('ursf-legacy-americas')).toEqual(['null 129.42.160.49 null tcp', 'null 207.25.252.204 null tcp']);
  expect(shown('ursf-legacy-other')).toEqual([
    'null 129.42.160.50 null tcp',
    'null 129.42.160.50 null tcp',
    'null 207.25.252.205 null tcp',
  ]);
  expect(shown('ursf-authentication')).toEqual(['null 129.42.160.48 443 https', 'null 207.25.252.200 443 https']);
  expect(shown('remote-support')).toEqual(['null 198.74.67.235 11111 tcp', 'null 198.74.71.235 11111 tcp']);
  expect(shown('firmware')).toEqual(['null 129.35.224.112 80 http']);
  expect(shown('vpn')).toEqual(
    ['129.42.160.16', '207.25.252.196'].flatMap((address) => [
      `null ${address} null esp`,
      `null ${address} 500 udp`,
      `null ${address} 4500 udp`,
    ]),
  );
  const ports = (group: string) => [...new Set(all.filter((each) => each.group === group).map(({ port }) => port))];
  expect(ports('session-access')).toEqual([22, 23, 2125, 2300]);
  expect(ports('session-power5')).toEqual([9090, 9735, 9940, ...Array.from({ length: 10 }, (_, at) => 30000 + at)]);
  expect(ports('session-web')).toEqual([443, 8443]);
  expect(shown('inter-console')).toEqual(['null null 9900 udp', 'null null 9920 tcp']);
});

test('what the text split, doubled or lost is ambiguous, and nothing else is', () => {
  expect([...new Set(all.filter(({ ambiguous }) => ambiguous).map(({ address }) => address))]).toEqual([
    '2620:0:6c2:200:129:42:60:189',
    '2620:0:6c4:200:129:42:54:189',
    '2620:0:6c0::/45',
    '129.42.160.50',
  ]);
});

test('the list is JSON Lines with null where the paper states nothing', () => {
  const lines = endpointLines(catalog)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(all.length);
  for (const line of lines) {
    expect(Object.keys(line)).toEqual([
      'group',
      'host',
      'address',
      'port',
      'protocol',
      'direction',
      'purpose',
      'ambiguous',
    ]);
  }
});

test('the edges of the recommended ranges', () => {
  const inside = (range: string, address: string) => {
    const [outer, inner] = [parseRange(range), parseRange(address)];
    return outer !== undefined && inner !== undefined && outer.from <= inner.from && inner.to <= outer.to;
  };
  for (const address of ['129.42.0.0', '129.42.63.255', '129.42.56.189'])
    expect(inside('129.42.0.0/18', address)).toBe(true);
  for (const address of ['129.41.255.255', '129.42.64.0', '129.42.160.51'])
    expect(inside('129.42.0.0/18', address)).toBe(false);
  for (const { address, group } of all) {
    if (group === 'simplified' && address?.includes(':')) expect(inside('2620:0:6c0::/45', address)).toBe(true);
  }
  expect(inside('2620:0:6c0::/45', '2620:0:6c7:ffff:ffff:ffff:ffff:ffff')).toBe(true);
  expect(inside('2620:0:6c0::/45', '2620:0:6c8::')).toBe(false);
  expect(inside('2620:0:6c0::/45', '2620:0:6bf:ffff:ffff:ffff:ffff:ffff')).toBe(false);
});

test('ranges agree with the BlockList of Node', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128), fc.oneof(fc.ipV4(), fc.ipV6()), (net, bits, address) => {
      const family = isIPv4(net) ? 'ipv4' : 'ipv6';
      fc.pre(
        isIPv4(net) === isIPv4(address) && !/^(?:::ffff:|0:0:0:0:0:ffff:)/i.test(net) && !/::ffff:/i.test(address),
      );
      const length = family === 'ipv4' ? bits % 33 : bits;
      const list = new BlockList();
      list.addSubnet(net, length, family);
      const [range, point] = [parseRange(`${net}/${length}`), parseRange(address)];
      const inside = range && point && range.from <= point.from && point.from <= range.to;
      expect(inside).toBe(list.check(address, family));
    }),
    { numRuns: 500 },
  );
});

test('a range is shown so that it reads back as itself', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(32), (address, bits) => {
      const range = parseRange(`${address}/${bits}`);
      expect(range && parseRange(shownRange(range))).toEqual(range);
    }),
  );
  expect(shownRange(parseRange('2001:db8:0:0:1:0:0:1') as never)).toBe('2001:db8::1:0:0:1');
});

test('own networks are told from the Internet', () => {
  for (const local of [
    '10.1.2.3',
    '172.31.0.1',
    '192.168.0.0/16',
    'fe80::1%eth0',
    'fd00::1',
    '127.0.0.1',
    '::1',
    '::ffff:10.0.0.1',
  ]) {
    expect(isLocal(parseRange(local) as never), local).toBe(true);
  }
  for (const other of ['0.0.0.0/0', '172.32.0.1', '129.42.56.189', '2620:0:6c0::1', '::/0', '10.0.0.0/7']) {
    expect(isLocal(parseRange(other) as never), other).toBe(false);
  }
  for (const wrong of [
    '1.2.3',
    '1.2.3.256',
    '1.2.3.4/33',
    'g::1',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '2620:0:6c2:200:1 29:42:60:189',
  ]) {
    expect(parseRange(wrong), wrong).toBeUndefined();
  }
});
