import { type Doc, text } from './draft.ts';
import { iqyyLine, lines, mtms, statsLine, traceLine } from './logs.ts';
import { lparRecord, record, sysEed } from './partition-data.ts';
import type { Rng } from './rng.ts';
import { isoTime, type Site, stamp } from './site.ts';

const keywords = (rng: Rng, site: Site): string[] => [
  `*TM ${site.hmc.type}-${site.hmc.model}`,
  `*SE ${site.hmc.serial}`,
  '*MN IBM',
  '*PN Unknown',
  `*SZ ${rng.pick(['16650', '33165'])}MB`,
  '*OS Hardware Management Console Licensed Internal Code',
  `*RM V8R8.${site.hmc.version}0.0.${rng.between(1, 3)}`,
  '*FC ????????',
  `*NA ${site.hmc.address}`,
  `*LH ${site.hmc.host}`,
  ...site.systems.flatMap((system) => [
    `*DS managed system ${mtms(system)}`,
    `*YL U78C9.001.${rng.word(7, 'WZS0123456789')}`,
    `*Z0 ${rng.hex(16).toUpperCase()}`,
  ]),
];

/** The small files at the top of a bundle. */
export function consoleData(rng: Rng, site: Site): Doc[] {
  const day = site.now - 86400;
  const iqyy = (id: string, path: string, count: number): Doc =>
    text(id, path, lines(rng.fork(id), day, count, iqyyLine(rng.fork(`${id}:line`), site)));
  return [
    text('actzuict', 'actzuict.dat', taskRecords(rng, site)),
    text('hmc', 'hmc.eed', [
      '# lshmc -V',
      `"version= Version: 8`,
      ` Release: 8.${site.hmc.version}.0`,
      ` Service Pack: ${rng.between(1, 3)}`,
      `HMC Build level ${stamp(site.now - 9e6).slice(0, 8)}.1`,
      `MH0${rng.between(1650, 1790)}: Required fix for HMC V8R8.${site.hmc.version}.0 (${isoTime(site.now - 8e6).slice(0, 10)})`,
      `","base_version=V8R8.${site.hmc.version}.0`,
      '"',
      '# lssysconn -r all',
      ...site.systems.map((system) =>
        record([
          ['resource_type', 'sys'],
          ['type_model_serial_num', mtms(system)],
          ['sp_type', 'fsp'],
          ['side', 'primary'],
          ['ipaddr', system.address],
          ['alt_ipaddr', 'unavailable'],
          ['state', 'Connected'],
        ]),
      ),
    ]),
    text('iqyvpd', 'iqyvpd.dat', keywords(rng, site)),
    text('iqyvpc', 'iqyvpc.dat', keywords(rng, site).slice(0, 10)),
    iqyy('iqyycom0', 'iqyycom0.log', 220),
    iqyy('iqyycom1', 'iqyycom1.log', 160),
    iqyy('iqyycom2', 'iqyycom2.log', 160),
    iqyy('iqyylog', 'iqyylog.log', 320),
    text(
      'pmap',
      'PMap.eed',
      site.systems.flatMap((system) => [
        `# lshsc -w -c ${mtms(system)}`,
        ...system.partitions.map((lpar) => lparRecord(rng, system, lpar)),
      ]),
    ),
    text('sys', 'sys.eed', sysEed(rng, site)),
    text('iqyypell', 'iqyypell.log', platformErrors(rng, site)),
    text('stats', 'stats.send', [
      'timestamp,mtms,lpar,id,cpu_user,cpu_sys,mem_free,page_in,entc,disk,iops,net,rx,tx',
      ...lines(rng, day, 260, statsLine(rng.fork('stats'), site)),
    ]),
    text('lpmffdc', 'LPMFFDC', [
      ...site.systems.slice(0, 2).map((system) => `managed_system=${system.name} mtms=${mtms(system)}`),
      ...lines(
        rng.fork('lpm'),
        day,
        60,
        (time) =>
          `${isoTime(time)} migrlpar ${rng.pick(['-o v', '-o m'])} lpar=${rng.pick(site.systems[0]?.partitions ?? []).name} rc=${rng.pick([0, 0, 0, 1])} HSCLA${rng.hex(3).toUpperCase()} msp_source=${rng.pick(site.systems).address} state=${rng.pick(['Not Migrating', 'Migration In Progress', 'Validating'])}`,
      ),
    ]),
  ];
}

const taskRecords = (rng: Rng, site: Site): string[] =>
  lines(
    rng.fork('tasks'),
    site.now - 2 * 86400,
    70,
    (time) =>
      `${isoTime(time)}|${rng.digits(6)}|hscroot|${rng.pick(['Open Serviceable Event', 'Change Firmware', 'Backup HMC Data', 'Manage Dumps', 'Test Internet Connectivity'])}|${mtms(rng.pick(site.systems))}|rc=0|elapsed=${rng.between(1, 900)}`,
  );

function platformErrors(rng: Rng, site: Site): string[] {
  return Array.from({ length: 14 }, () => {
    const system = rng.pick(site.systems);
    return [
      '|------------------------------------------------------------------------------|',
      `| Platform Event Log - 0x${rng.hex(8).toUpperCase()}                                              |`,
      `| Created at       : ${isoTime(site.now - rng.int(86400)).replace(/-/g, '/')}                                     |`,
      `| Machine Type/Model: ${system.type}-${system.model}  Serial Number: ${system.serial}                        |`,
      `| Reference Code   : ${rng.pick(['B181E911', 'B7006970', 'B150D141'])}  Creator: ${rng.pick(['FSP', 'PHYP'])}  Severity: Predictive Error       |`,
      `| Hex Words 2 - 5  : ${rng.hex(8).toUpperCase()} ${rng.hex(8).toUpperCase()} ${rng.hex(8).toUpperCase()} ${rng.hex(8).toUpperCase()}                       |`,
      ...Array.from({ length: 6 }, (_, row) => {
        const bytes = rng.bytes(16);
        const ascii = [...bytes]
          .map((byte) => (byte > 32 && byte < 127 && byte !== 124 ? String.fromCharCode(byte) : '.'))
          .join('');
        return `| ${(row * 16).toString(16).padStart(8, '0').toUpperCase()}     ${bytes
          .toString('hex')
          .toUpperCase()
          .replace(/(.{8})/g, '$1  ')}  ${ascii} |`;
      }),
    ].join('\n');
  });
}

/** Files of the console's own data folder, inside acuppd.tgz. */
export function consoleFolder(rng: Rng, site: Site, at: (name: string) => string): Doc[] {
  const day = site.now - 86400;
  const trace = (id: string, path: string, count: number): Doc =>
    text(id, path, lines(rng.fork(id), day, count, traceLine(rng.fork(`${id}:line`), site)));
  return [
    trace('rcscontrol', at('/console///data/rcs/rcsControl.log'), 120),
    trace('fixlogfile', at('/console///fix.logfile'), 60),
    trace('fixerrorlog', at('/console///fix/errorlog'), 40),
    trace('iqyye4', at('/console//data/iqyye4.log'), 120),
    text('console-iqyvpd', at('/console//data/iqyvpd.dat'), keywords(rng, site)),
    text('console-actzuict', at('/console//data/actzuict.dat'), taskRecords(rng, site)),
    text('iqzzspr', at('/console//data/iqzzspr.dat'), [
      '[ccfw]',
      'autostart=true',
      'tasklet.timeout=900',
      'password.policy=HMC Medium Security Password Policy',
      'ntp.enabled=true',
      `ntp.server=${site.net}.1`,
      'ldap.enabled=false',
      'kerberos.enabled=false',
      'idle.timeout=0',
      'log.max=10485760',
      `hmc.name=${site.hmc.host}`,
    ]),
    text('persist', at('/console//data/persist'), [
      '# persisted settings',
      `hostname=${site.hmc.host}`,
      `domain=${site.zone}`,
      'snmp.community=',
      'callhome.enabled=true',
      'callhome.type=internet',
      'proxy.enabled=false',
      'proxy.password=********',
      'ssh.enabled=true',
      'webui.port=443',
      `uuid=${rng.uuid()}`,
      'users=hscroot,hscpe,root',
      'hscroot.role=hmcsuperadmin',
      'hscpe.role=hmcpe',
    ]),
    text('actwcud', at('/console//data/ud//actwcud.dat'), taskRecords(rng, site).slice(0, 20)),
    text(
      'actzcmd',
      at('/console//data//actzcmd.dat'),
      lines(
        rng.fork('cmd'),
        day,
        60,
        (time) =>
          `${isoTime(time)} hscroot ${rng.pick(['lshmc -V', 'lssyscfg -r sys -F name,state', 'chhmc -c ssh -s enable', 'lssvcevents -t hardware -d 7', 'chhmcusr -u hscpe -t passwd', 'mkauthkeys --test', 'viosvrcmd -m $machine -p vios1 -c "lsmap -all"'])}`,
      ),
    ),
    text('iqybrst', at('/console//data/iqybrst.trm'), [
      '0000 0000 0000 0001',
      `restart ${isoTime(site.now - 400000)} reason=user`,
    ]),
    text('actbrst', at('/console//data//actbrst.trm'), [
      '0000 0000 0000 0001',
      `restart ${isoTime(site.now - 400000)} reason=user`,
    ]),
    text('builddate', at('/console//data//builddate'), [`${stamp(site.now - 9e6).slice(0, 8)}.1`]),
    text('imagename', 'bom/image.name', [`HMC_Recovery_V8R8${site.hmc.version}0_1.iso`]),
    text('distroid', 'bom/distro_id', [`IBM Linux HMC V8R8.${site.hmc.version}.0 ppc64/x86_64`]),
    text('ud', 'tmp/console/ud/actwcud.tmp', taskRecords(rng, site).slice(0, 8)),
    text('xrtr', 'tmp/console/xrtr-query1.txt', [
      'query=serviceable events',
      'status=open',
      ...site.systems.map((system) => `mtms=${mtms(system)} count=${rng.int(4)}`),
    ]),
  ];
}
