import { expect, test } from 'vitest';
import { loadInventory, matchPath } from '../../src/inventory/index.ts';

const inventory = loadInventory('ibm-hmc-860');
const match = (context: string, path: string, platform?: string) => {
  const { item, status, ambiguous } = matchPath(inventory, context, path, { platform });
  return `${item?.id ?? '-'} ${status}${ambiguous ? ' ambiguous' : ''}`;
};

test('26 rows are 82 items: 27 at the top, 50 in acuppd.tgz, 5 of the Electronic Service Agent; 38 are ambiguous', () => {
  const paper = inventory.items.filter((item) => item.status !== 'known-from-other-source');
  const count = (context: string) => paper.filter((item) => item.context === context).length;
  expect([count('top'), count('acuppd'), count('esa'), paper.length]).toEqual([27, 50, 5, 82]);
  expect(paper.filter((item) => item.command !== undefined)).toHaveLength(12);
  expect(paper.filter((item) => item.status === 'documented-ambiguous')).toHaveLength(38);
  const rows = new Set(paper.map((item) => /row (\d+)/.exec(item.cite.section)?.[1]));
  expect([...rows].map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 26 }, (_, index) => index + 1));
});

test('every item has a citation, a content kind and a documented reason', () => {
  for (const item of inventory.items) {
    expect(item.cite.document, item.id).not.toBe('');
    expect(item.reasons.length, item.id).toBeGreaterThan(0);
    expect(item.status === 'documented-ambiguous', item.id).toBe(item.readings.length > 0);
  }
  expect(inventory.reasons).toHaveLength(11);
  const powerOnly = inventory.reasons.filter((reason) => !reason.platforms.includes('ds8000')).map(({ id }) => id);
  expect(powerOnly).toEqual(['RS-02', 'RS-07', 'RS-08', 'RS-09', 'RS-10']);
});

const TOP: Record<string, string> = {
  'actzuict.dat': 'actzuict-dat documented',
  'hmc.eed': 'hmc-eed documented',
  'iqyvpd.dat': 'iqyvpd-dat documented',
  'iqyvpc.dat': 'iqyvpc-dat documented-ambiguous ambiguous',
  'iqyycom0.log': 'iqyycom0-log documented',
  'iqyycom1.log': 'iqyycom1-log documented',
  'iqyycom2.log': 'iqyycom2-log documented',
  'iqyylog.log': 'iqyylog-log documented',
  'PMap.eed': 'pmap-eed documented',
  'problems.xml': 'problems-xml documented',
  'sys.eed': 'sys-eed documented',
  '8408-E8E_1012345.VPD.xml': 'vpd-xml documented',
  'V8d7-f9d_fa6e3fc.VPD.xml': 'vpd-xml documented',
  'SYSDUMP.1012345.01000002.20171204091500': 'dump-sysdump documented',
  'FSPDUMP.1012345.01000002.20160229235959': 'dump-fspdump documented',
  'BMCDUMP.10ABCDE.0000001.20171231000000': 'dump-bmcdump documented',
  'SMADUMP.1012345.A1.20000229120000': 'dump-smadump documented',
  'PWRDUMP.1012345.01000002.20171204091500': 'dump-pwrdump documented',
  'LOGDUMP.1012345.01000002.20171204091500': 'dump-logdump documented',
  'RSCDUMP.fa6e3fc.01000002.20171204091500': 'dump-rscdump documented',
  'acuppd.tgz': 'acuppd-tgz documented',
  'iqyypell.log': 'iqyypell-log documented',
  'cisaSW.xml': 'cisasw-xml documented',
  'stats.send': 'stats-send documented',
  'ServiceData.xml': 'servicedata-xml documented',
  '20171204091500_FST.xml': 'fst-xml documented',
  'gardRecord.xml': 'gardrecord-xml documented',
  LPMFFDC: 'lpmffdc documented-ambiguous ambiguous',
  'LPMFFDC.20171204': 'lpmffdc documented-ambiguous ambiguous',
  'LPMFFDC/source/trace.log': 'lpmffdc documented-ambiguous ambiguous',
  'iqyymrge.log': 'iqyymrge-log known-from-other-source',
  'refcode.dat': 'refcode-dat known-from-other-source',
  'iqyvpdc.dat': 'iqyvpdc-dat known-from-other-source',
};
test.each(Object.entries(TOP))('top: %s', (path, expected) => {
  expect(match('top', path)).toBe(expected);
  expect(match('acuppd', path)).toBe('- undocumented');
  expect(match('esa', path)).toBe('- undocumented');
});

const ACUPPD: Record<string, string> = {
  'ps_-AFLww': 'cmd-ps',
  'ls_-lR_.proc': 'cmd-ls-proc',
  'ls_-R': 'cmd-ls',
  'top_-bn1': 'cmd-top',
  ipcs: 'cmd-ipcs',
  iqzzqtcs: 'cmd-iqzzqtcs',
  ifconfig: 'cmd-ifconfig',
  iptables: 'cmd-iptables',
  'netstat_-rn': 'cmd-netstat-routes',
  'netstat_-anpoe': 'cmd-netstat-sockets',
  showTraceBuf_all: 'cmd-showtracebuf',
  'df_-h': 'cmd-df',
  'df_-h.txt': 'cmd-df',
  'commands/df_-h.out': 'cmd-df',
  'commands/ls_-R': 'cmd-ls',
  'var/log/messages': 'messages',
  'var/log/messages-20171203.gz': 'messages',
  'var/log/hmc.log.1': 'hmc-logs',
  'console/data/rcs/rcsControl.log': 'rcscontrol-log',
  'console/a/data/rcs/rcsControl.log': 'rcscontrol-log',
  'console/a/b/data/rcs/rcsControl.log': 'rcscontrol-log',
  'console/fix.logfile': 'fix-logfile',
  'console/a/b/fix/errorlog': 'fix-errorlog',
  'console/data/iqyye4.log': 'iqyye4-log',
  'console/a/b/core.1234': 'core',
  'console/core': 'core',
  'console/ffdc/core/core.1234': 'ffdc-core',
  'console/a/ffdc/core/b/anything': 'ffdc-core',
  'console/a/javacore.20171204.txt': 'javacore',
  'console/hs_err_pid99.log': 'hs-err-pid',
  'console/data/iqvvpd1': 'iqvvpd',
  'console/x/data/iqyvpd.dat': 'iqvvpd',
  'console/data/actzuict.dat': 'actzuict-dat',
  'console/data/iqzzspr.dat': 'iqzzspr-dat',
  'console/data/persist': 'persist',
  'console/x/data/persist/a/b.ser': 'persist',
  'console/data/ud/actwcud.dat': 'actwcud-dat',
  'console/a/data/ud/b/actwcud.dat': 'actwcud-dat',
  'console/data/x/actzcmd.dat': 'actzcmd-dat',
  'console/data/iqybrst.trm': 'iqybrst-trm',
  'console/data/actbrst.trm': 'actbrst-trm',
  'console/data/builddate': 'builddate',
  'tmp/console/ud/any': 'user-data',
  'tmp/console/ud/x/any': 'user-data',
  'etc/sysconfig/network': 'etc-sysconfig-network',
  'etc/sysconfig/network/ifcfg-eth0': 'etc-sysconfig-network',
  'etc/sysconfig/networking/profiles/default/hosts': 'etc-sysconfig-networking',
  'var/log/mediasvcs.log': 'mediasvcs-log',
  'var/log/hmc/mediasvcs.log': 'mediasvcs-log',
};
test.each(Object.entries(ACUPPD))('acuppd, ambiguous: %s', (path, id) => {
  expect(match('acuppd', path)).toBe(`acuppd-${id} documented-ambiguous ambiguous`);
  expect(match('top', path)).toBe('- undocumented');
});

const EXACT: Record<string, string> = {
  'var/pcidata/biosinfo.log': 'biosinfo-log',
  'var/pcidata/pcibusdata': 'pcibusdata',
  'var/log/boot.msg': 'boot-msg',
  'var/log/console.log': 'console-log',
  'bom/image.name': 'image-name',
  'bom/distro_id': 'distro-id',
  'tmp/console/xrtr-query7.txt': 'xrtr-query',
  'etc/hosts': 'etc-host',
  'etc/host.conf': 'etc-host',
  'etc/hosts.equiv': 'etc-host',
  'etc/fstab': 'etc-fstab',
  'etc/mtab': 'etc-mtab',
  'etc/protocols': 'etc-protocols',
  'etc/resolv.conf': 'etc-resolv-conf',
  'etc/services': 'etc-services',
  'etc/syslog.conf': 'etc-syslog-conf',
  'proc/sys/fs/file-nr': 'proc-file-nr',
};
test.each(Object.entries(EXACT))('acuppd: %s', (path, id) => {
  for (const given of [path, `/${path}`, `./${path}`, `.//./${path.replace('/', '//')}`]) {
    expect(match('acuppd', given)).toBe(`acuppd-${id} documented`);
  }
});

const ESA: Record<string, string> = {
  'var/adm/esa/heartbeat/17/8286-42A_10ABCDE_Operating.iqyypell.log': 'esa-heartbeat documented-ambiguous ambiguous',
  'var/adm/esa/heartbeat/17/8286-42A_10ABCDE_Power_Off.iqyypell.log': 'esa-heartbeat documented-ambiguous ambiguous',
  '/var/adm/esa/performance/17/8286-42A_10ABCDE_3.pm_stats.send': 'esa-performance documented',
  'var/adm/esa/hardware/T-1/8286-42A_10ABCDE.VPD.xml': 'esa-hardware documented',
  'var/adm/esa/software/17/8286-42A_10ABCDE_12.xml': 'esa-software documented',
  'var/adm/esa/sysinfo/8286.42A.10ABCDE.CEC.Sysinfo.xml': 'esa-sysinfo documented',
};
test.each(Object.entries(ESA))('esa: %s', (path, expected) => {
  expect(match('esa', path)).toBe(expected);
  expect(match('top', path)).toBe('- undocumented');
});

test.each([
  ['top', ''],
  ['top', 'problems.xml '],
  ['top', ' problems.xml'],
  ['top', 'problems.xml\r'],
  ['top', 'Problems.xml'],
  ['top', 'problems.xml.bak'],
  ['top', 'problems.xml/'],
  ['top', 'problems.xml/x'],
  ['top', 'x/problems.xml'],
  ['top', '../problems.xml'],
  ['top', 'x/../problems.xml'],
  ['top', 'x/./problems.xml'],
  ['top', 'iqyycom3.log'],
  ['top', 'pmap.eed'],
  ['top', 'LPMFFDCx'],
  ['top', 'LPMFFDC '],
  ['top', 'acuppd.tar.gz'],
  ['top', '828-42A_10ABCDE.VPD.xml'],
  ['top', '8286_42A-10ABCDE.VPD.xml'],
  ['top', '8286-42A.VPD.xml'],
  ['top', '8286-42A_10ABCDE.vpd.xml'],
  ['top', '20170230091500_FST.xml'],
  ['top', '20171204241500_FST.xml'],
  ['top', '20171204091500_FST.xml.gz'],
  ['top', 'SYSDUMP.1012345.01000002.20170229000000'],
  ['top', 'SYSDUMP.1012345.01000002.19000229000000'],
  ['top', 'SYSDUMP.1012345.01000002.20171304000000'],
  ['top', 'SYSDUMP.1012345.01000002.20171200000000'],
  ['top', 'SYSDUMP.1012345.01000002.20171204006000'],
  ['top', 'SYSDUMP.1012345.01000002.2017120400000'],
  ['top', 'SYSDUMP.1012345.01000002.201712040000000'],
  ['top', 'SYSDUMP.1012345.20171204000000'],
  ['top', 'SYSDUMP.1012345.01000002.20171204000000.gz'],
  ['top', 'sysdump.1012345.01000002.20171204000000'],
  ['top', 'FLTDUMP.1012345.01000002.20171204000000'],
  ['top', 'NAGDUMP.1012345.01000002.20171204000000'],
  ['acuppd', 'problems.xml'],
  ['acuppd', 'ps_-AFLw'],
  ['acuppd', 'commands/x/ps_-AFLww'],
  ['acuppd', 'ps_-AFLww.log'],
  ['acuppd', 'var/log/messages/x'],
  ['acuppd', 'var/log/Messages'],
  ['acuppd', 'var/log/boot.msg.gz'],
  ['acuppd', 'console/a/b/c/core.1'],
  ['acuppd', 'console/a/b/data/iqyye4.log'],
  ['acuppd', 'console/data/iqyye4.log.1'],
  ['acuppd', 'console/data/rcs/x/rcsControl.log'],
  ['acuppd', 'tmp/console/ud/x/y/any'],
  ['acuppd', 'tmp/console/ud'],
  ['acuppd', 'tmp/console/xrtr-query/1.txt'],
  ['acuppd', 'etc/hosts/x'],
  ['acuppd', 'etc/hos'],
  ['acuppd', 'etc/passwd'],
  ['acuppd', 'etc/fstab '],
  ['acuppd', 'proc/x/sys/fs/file-nr'],
  ['acuppd', 'proc/sys/fs/file-nr2'],
  ['acuppd', 'var/log/a/b/mediasvcs.log'],
  ['esa', 'adm/esa/sysinfo/8286.42A.10ABCDE.CEC.Sysinfo.xml'],
  ['esa', 'var/adm/esa/sysinfo/17/8286.42A.10ABCDE.CEC.Sysinfo.xml'],
  ['esa', 'var/adm/esa/hardware/8286-42A_10ABCDE.VPD.xml'],
  ['esa', 'var/adm/esa/hardware/17/18/8286-42A_10ABCDE.VPD.xml'],
  ['esa', 'var/adm/esa/software/17/8286-42A_10ABCDE.xml'],
  ['esa', 'var/adm/esa/software/17/8286-42A_10ABCDE_x.xml'],
  ['esa', 'var/adm/esa/heartbeat/17/8286-42A_10ABCDE_operating.iqyypell.log'],
])('%s: %j is no documented path', (context, path) => {
  expect(match(context, path)).toBe('- undocumented');
});

test('what is documented for Power only is forbidden on DS8000', () => {
  expect(match('top', 'stats.send', 'ds8000')).toBe('stats-send forbidden');
  expect(match('top', 'gardRecord.xml', 'ds8000')).toBe('gardrecord-xml forbidden');
  expect(match('top', 'LPMFFDC', 'ds8000')).toBe('lpmffdc forbidden ambiguous');
  expect(match('top', 'stats.send', 'power')).toBe('stats-send documented');
  expect(match('top', 'problems.xml', 'ds8000')).toBe('problems-xml documented');
});

test('a directory is documented where a documented path may lie below it', () => {
  for (const path of ['etc/', 'var/log/', 'console/', 'console/x/y/', 'console/data/persist/a/b/', './', 'commands/']) {
    expect(match('acuppd', path), path).toBe('- documented');
  }
  for (const path of ['etc/hosts/', 'home/', 'var/log/a/b/', 'proc/sys/net/', '../etc/', 'commands/x/']) {
    expect(match('acuppd', path), path).toBe('- undocumented');
  }
});

test('the files that are evidence of how a console connects', () => {
  const evidence = inventory.items.filter((item) => item.evidence.includes('endpoints')).map(({ id }) => id);
  expect(evidence).toEqual(['hmc-eed', 'acuppd-cmd-iptables', 'acuppd-cmd-netstat-sockets']);
});

test('the claim and the disclosures stand in it, word for word', () => {
  const claim = inventory.claims.find(({ id }) => id === 'no-client-data');
  expect(claim?.quote).toBe('None of the information or debug data sent to IBM contains client data.');
  expect(claim?.contradicts).toEqual(['also-sent']);
  const contact = inventory.disclosures.find(({ id }) => id === 'client-contact');
  expect(contact).toMatchObject({
    items: ['problems-xml'],
    locators: [{ xml: { element: 'contact' } }],
    maxDistinct: 3,
  });
  expect(contact?.entity).toContain('pii.email');
});
