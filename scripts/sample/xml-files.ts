import { type Doc, text, xml } from './draft.ts';
import { lines, mtms, statsLine } from './logs.ts';
import type { Rng } from './rng.ts';
import { isoTime, type Person, type Site, stamp } from './site.ts';

export const escapeXml = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** One `contact` element: the documented place for the client's contact information. */
export function contact(person: Person, company: string, type: string): string[] {
  return [
    `  <contact type="${type}">`,
    `    <name>${person.first} ${person.last}</name>`,
    `    <email>${person.email}</email>`,
    `    <phone>${person.phone}</phone>`,
    `    <company>${escapeXml(company)}</company>`,
    `    <address><street>${person.street}</street><city>${person.city}</city><country>DE</country></address>`,
    '  </contact>',
  ];
}

/** All documented XML files, top level and Electronic Service Agent tree. */
export function xmlFiles(rng: Rng, site: Site): Doc[] {
  const serialOf = (s: { type: string; model: string; serial: string }) => `${s.type}-${s.model}_${s.serial}`;
  const head = site.systems[0] as Site['systems'][number];
  const transaction = () => `${stamp(site.now)}${rng.digits(4)}`;
  const vpd = (system: Site['systems'][number]): string[] => [
    `<VPD type="${system.type}" model="${system.model}" serial="${system.serial}" collected="${isoTime(site.now)}">`,
    ...Array.from(
      { length: 30 },
      () =>
        `  <FRU location="U78C9.001.WZS${rng.digits(4)}-P1-C${rng.between(1, 40)}" ccin="${rng.hex(4).toUpperCase()}" pn="00E${rng.digits(4)}" fn="00E${rng.digits(4)}" sn="YL10UF${rng.word(6, 'ABCDEFGH0123456789')}"><![CDATA[${rng.pick(['PROC', 'MEMORY DIMM', 'PCIE ADAPTER', 'FAN'])} ${rng.hex(16).toUpperCase()}]]></FRU>`,
    ),
    ...system.partitions.map((lpar) => `  <partition id="${lpar.id}" name="${lpar.name}" os="${lpar.env}"/>`),
    '</VPD>',
  ];
  const esa = 'var/adm/esa';
  return [
    xml('problems', 'problems.xml', [
      `<problems hmc="${site.hmc.type}-${site.hmc.model}*${site.hmc.serial}" created="${isoTime(site.now)}">`,
      ...site.contacts.flatMap((person, index) => contact(person, site.company, index === 0 ? 'primary' : 'backup')),
      ...Array.from({ length: 6 }, () => {
        const system = rng.pick(site.systems);
        return [
          `  <problem number="${rng.digits(8)}" state="${rng.pick(['open', 'closed'])}" refcode="${rng.pick(['B3020001', 'B7006970', '11002610'])}" pmh="${rng.digits(5)},${rng.digits(3)},${rng.digits(3)}">`,
          `    <system mtms="${mtms(system)}" name="${system.name}"/>`,
          `    <created>${isoTime(site.now - rng.int(864000))}</created>`,
          `    <fru part="00E${rng.digits(4)}" location="U78C9.001.WZS${rng.digits(4)}-P1-C${rng.between(1, 12)}" serial="YL10UF${rng.digits(6)}"/>`,
          '    <description>Platform firmware reported an event that needs service.</description>',
          `    <file name="iqyylog.log" size="${rng.digits(6)}" sha256="${rng.hex(64)}"/>`,
          '  </problem>',
        ].join('\n');
      }),
      '</problems>',
    ]),
    ...site.systems.map((system, index) =>
      xml(index === 0 ? 'vpd' : `vpd${index}`, `${serialOf(system)}.VPD.xml`, vpd(system)),
    ),
    xml('cisasw', 'cisaSW.xml', [
      `<softwareInventory lpar="${head.partitions[0]?.name}" mtms="${mtms(head)}">`,
      ...Array.from(
        { length: 60 },
        () =>
          `  <fileset name="${rng.pick(['bos.rte', 'bos.net.tcp.client', 'devices.pciex', 'rsct.core', 'openssh.base', 'java7_64.jre'])}.${rng.word(4, 'abcdefghij')}" level="7.1.4.${rng.int(60)}" state="${rng.pick(['A', 'C'])}"/>`,
      ),
      '</softwareInventory>',
    ]),
    xml('servicedata', 'ServiceData.xml', [
      '<serviceData>',
      ...Array.from(
        { length: 12 },
        () =>
          `  <operation id="${rng.digits(6)}" name="${rng.pick(['Exchange FRU', 'Firmware update', 'Identify LED'])}" mtms="${mtms(rng.pick(site.systems))}" start="${isoTime(site.now - rng.int(9e6))}" rc="0"/>`,
      ),
      '</serviceData>',
    ]),
    xml('fst', `${stamp(site.now)}_FST.xml`, [
      '<charm>',
      ...Array.from(
        { length: 16 },
        () =>
          `  <step seq="${rng.digits(3)}" node="${rng.int(4)}" resource="${rng.hex(8)}" action="${rng.pick(['evacuate', 'deconfigure', 'power off', 'restore'])}" status="complete"/>`,
      ),
      '</charm>',
    ]),
    xml('gardrecord', 'gardRecord.xml', [
      '<gardRecords>',
      ...site.systems.map(
        (system) =>
          `  <gard mtms="${mtms(system)}" resource="P1-C${rng.between(1, 20)}" type="${rng.pick(['core', 'dimm'])}" plid="0x${rng.hex(8)}" reason="predictive"/>`,
      ),
      '</gardRecords>',
    ]),
    text('esa-heartbeat', `${esa}/heartbeat/${transaction()}/${serialOf(head)}_Operating.iqyypell.log`, [
      `heartbeat ${isoTime(site.now)} ${mtms(head)} state=Operating`,
    ]),
    text(
      'esa-performance',
      `${esa}/performance/${transaction()}/${serialOf(head)}_${head.partitions[0]?.id}.pm_stats.send`,
      lines(rng.fork('pm'), site.now - 86400, 120, statsLine(rng.fork('pm:line'), site)),
    ),
    xml('esa-hardware', `${esa}/hardware/${transaction()}/${serialOf(head)}.VPD.xml`, vpd(head)),
    xml('esa-software', `${esa}/software/${transaction()}/${serialOf(head)}_${head.partitions[0]?.id}.xml`, [
      `<software lpar="${head.partitions[0]?.name}">`,
      '  <os name="AIX" level="7100-04-04-1717"/>',
      '</software>',
    ]),
    xml('esa-sysinfo', `${esa}/sysinfo/${head.type}.${head.model}.${head.serial}.CEC.Sysinfo.xml`, [
      `<sysinfo mtms="${mtms(head)}" name="${head.name}" hmc="${site.hmc.host}">`,
      `  <address>${head.address}</address>`,
      '</sysinfo>',
    ]),
  ];
}
