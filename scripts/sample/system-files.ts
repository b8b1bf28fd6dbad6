import { type Doc, text } from './draft.ts';
import { B64, lines, mtms, syslogLine, traceLine } from './logs.ts';
import type { Rng } from './rng.ts';
import { isoTime, type Site } from './site.ts';

/** The documented system files inside acuppd.tgz. */
export function systemFiles(rng: Rng, site: Site, at: (name: string) => string): Doc[] {
  const messages = (id: string, count: number): string[] =>
    lines(rng.fork(id), site.now - 86400, count, syslogLine(rng.fork(`${id}:line`), site));
  return [
    text('biosinfo', 'var/pcidata/biosinfo.log', [
      '# dmidecode 2.11',
      'BIOS Information',
      '\tVendor: IBM Corp.',
      '\tVersion: -[D7E156CUS-2.20]-',
      '\tRelease Date: 04/05/2017',
      'System Information',
      '\tManufacturer: IBM',
      `\tProduct Name: System x3550 M4 -[7042${site.hmc.model}]-`,
      `\tSerial Number: ${site.hmc.serial}`,
      `\tUUID: ${rng.uuid().toUpperCase()}`,
    ]),
    text(
      'pcibusdata',
      'var/pcidata/pcibusdata',
      Array.from(
        { length: 24 },
        (_, i) =>
          `${i.toString(16).padStart(2, '0')}:00.0 ${rng.pick(['Ethernet controller: Intel Corporation I350', 'PCI bridge: Intel Corporation Xeon E5', 'RAID bus controller: LSI Logic MegaRAID', 'VGA compatible controller: Matrox G200eR2'])} (rev 0${rng.int(9)})`,
      ),
    ),
    text('messages', 'var/log/messages', messages('messages', 700)),
    {
      id: 'messages-gz',
      path: 'var/log/messages.1.gz',
      form: 'gzip',
      gzipName: 'messages.1',
      body: Buffer.from(`${messages('messages-gz', 500).join('\n')}\n`),
    },
    text(
      'hmclog',
      'var/log/hmclog',
      lines(rng.fork('hmclog'), site.now - 86400, 200, traceLine(rng.fork('hmclog:line'), site)),
    ),
    text('bootmsg', 'var/log/boot.msg', [
      'Inspecting /boot/System.map-3.10.0-514.el7.x86_64',
      'Linux version 3.10.0-514.el7.x86_64 (mockbuild@x86-039.build.eng.bos.redhat.com) (gcc version 4.8.5 20150623 (Red Hat 4.8.5-11) (GCC) ) #1 SMP',
      'Command line: root=/dev/sda2 vga=0x317 console=tty0 quiet',
      ...Array.from(
        { length: 40 },
        (_, i) =>
          `[    ${i}.${rng.digits(6)}] ${rng.pick(['pci 0000:00:1c.0: PME# supported from D0 D3hot D3cold', 'ACPI: IRQ0 used by override.', 'usb 1-1: new high-speed USB device number 2 using ehci-pci', 'SELinux:  Disabled at runtime.', 'type=1404 audit(1512366000.421:2): enforcing=1 old_enforcing=0 auid=4294967295 ses=4294967295'])}`,
      ),
    ]),
    text(
      'consolelog',
      'var/log/console.log',
      lines(rng.fork('console'), site.now - 86400, 120, traceLine(rng.fork('console:line'), site)),
    ),
    text('mediasvcs', at('/var/log//mediasvcs.log'), [
      'mediasvcs started',
      'scan /dev/sr0: no medium',
      'scan /media/usb0: vfat label=HMCDATA',
      'mount rc=0',
    ]),
    text('hosts', 'etc/hosts', [
      '127.0.0.1 localhost localhost.localdomain',
      '::1 localhost6',
      `${site.hmc.address} ${site.hmc.host}.${site.zone} ${site.hmc.host}`,
      ...site.systems.map((system) => `${system.address} ${system.name.toLowerCase()}`),
    ]),
    text('fstab', 'etc/fstab', [
      '/dev/sda2 / ext3 acl,user_xattr 1 1',
      '/dev/sda3 /var ext3 acl,user_xattr 1 2',
      '/dev/sda6 /dump ext3 acl,user_xattr 1 2',
      'proc /proc proc defaults 0 0',
      '/dev/sr0 /media/cdrom iso9660 noauto,ro,user 0 0',
    ]),
    text('mtab', 'etc/mtab', [
      '/dev/sda2 / ext3 rw,acl,user_xattr 0 0',
      '/dev/sda3 /var ext3 rw,acl,user_xattr 0 0',
      'proc /proc proc rw 0 0',
      `//${site.net}.9/hmc /mnt/cifs cifs rw,username=hmcbackup,password=******** 0 0`,
    ]),
    text('protocols', 'etc/protocols', [
      'ip 0 IP # internet protocol, pseudo protocol number',
      'icmp 1 ICMP',
      'tcp 6 TCP',
      'udp 17 UDP',
      'esp 50 IPSEC-ESP',
      'ah 51 IPSEC-AH',
    ]),
    text('resolv', 'etc/resolv.conf', [`search ${site.zone}`, `nameserver ${site.net}.1`, `nameserver ${site.net}.2`]),
    text('services', 'etc/services', [
      'ssh 22/tcp # The Secure Shell (SSH) Protocol',
      'telnet 23/tcp',
      'https 443/tcp',
      'rmc 657/tcp',
      'rmc 657/udp',
      'hmc-discovery 9900/udp',
      'hmc-peer 9920/tcp',
    ]),
    text('syslogconf', 'etc/syslog.conf', [
      '# Log all kernel messages to the console.',
      '*.info;mail.none;authpriv.none;cron.none /var/log/messages',
      'authpriv.* /var/log/secure',
      `*.err @${site.net}.5`,
    ]),
    text('network', 'etc/sysconfig/network', [
      'NETWORKING=yes',
      `HOSTNAME=${site.hmc.host}.${site.zone}`,
      `GATEWAY=${site.net}.1`,
    ]),
    text('networking', 'etc/sysconfig/networking', [
      'DEVICE=eth0',
      'BOOTPROTO=static',
      `IPADDR=${site.hmc.address}`,
      'NETMASK=255.255.255.0',
      `HWADDR=${site.hmc.mac.toUpperCase()}`,
    ]),
    text('filenr', 'proc/sys/fs/file-nr', [`${rng.between(2000, 9000)}\t0\t1618230`]),
    text('javacore', at('/console///javacore.20171204.061533.2210.0001.txt'), javacore(rng, site)),
    text('hs_err', at('/console///hs_err_pid2210.log'), hotspotError(rng, site)),
  ];
}

function javacore(rng: Rng, site: Site): string[] {
  return [
    '0SECTION       TITLE subcomponent dump routine',
    'NULL           ===============================',
    '1TISIGINFO     Dump Event "systhrow" (00040000) Detail "java/lang/OutOfMemoryError" "Java heap space" received',
    `1TIDATETIME    Date:                 ${isoTime(site.now).replace(/-/g, '/').replace(' ', ' at ')}`,
    '0SECTION       ENVINFO subcomponent dump routine',
    '1CIJAVAVERSION JRE 1.7.0 Linux ppc64-64 build 20170718_357001 (pxp6470_27sr4fp10-20170727_01)',
    '1CICMDLINE     /opt/ibm/java-ppc64-71/jre/bin/java -Xmx1024m -Dccfw.home=/opt/ccfw com.ibm.hwmca.fw.Launcher',
    '1CIUSERARGS    UserArgs:',
    '2CIUSERARG               -Xmx1024m',
    '2CIUSERARG               -Dccfw.home=/opt/ccfw',
    '2CIUSERARG               -Djavax.net.ssl.keyStorePassword=********',
    '1CIENVVARS     Environment Variables',
    '2CIENVVAR      PATH=/usr/local/bin:/usr/bin:/bin:/opt/hsc/bin',
    '2CIENVVAR      HOME=/root',
    `2CIENVVAR      HOSTNAME=${site.hmc.host}`,
    '0SECTION       THREADS subcomponent dump routine',
    ...Array.from(
      { length: 40 },
      (_, i) =>
        `3XMTHREADINFO      "Worker-${i}" J9VMThread:0x00000000${rng.hex(8).toUpperCase()}, j9thread_t:0x00003FFF${rng.hex(8).toUpperCase()}, java/lang/Thread:0x00000000${rng.hex(8).toUpperCase()}, state:CW, prio=5\n4XESTACKTRACE                at java/lang/Object.wait(Native Method)\n4XESTACKTRACE                at com/ibm/hwmca/fw/WorkQueue.take(WorkQueue.java:${rng.between(20, 400)})`,
    ),
  ];
}

function hotspotError(rng: Rng, site: Site): string[] {
  return [
    '#',
    '# A fatal error has been detected by the Java Runtime Environment:',
    '#',
    `#  SIGSEGV (0xb) at pc=0x00007f${rng.hex(10)}, pid=2210, tid=0x00007f${rng.hex(10)}`,
    '#',
    '# JRE version: OpenJDK Runtime Environment (8.0_151-b12) (build 1.8.0_151-b12)',
    '',
    '---------------  T H R E A D  ---------------',
    ...Array.from(
      { length: 12 },
      () =>
        `R${rng.pick(['AX', 'BX', 'CX', 'DX', 'SP'])}=0x00007f${rng.hex(10)} is pointing into the stack for thread: 0x00007f${rng.hex(10)}`,
    ),
    '---------------  P R O C E S S  ---------------',
    'VM Arguments:',
    'jvm_args: -Xms256m -Xmx1024m -Dhmc.home=/opt/hsc',
    'java_command: /opt/wlp/bin/tools/ws-server.jar hmc',
    'Environment Variables:',
    'PATH=/usr/local/bin:/usr/bin:/bin',
    'SHELL=/bin/bash',
    `HOSTNAME=${site.hmc.host}`,
    `SSH_CONNECTION=${site.net}.77 51022 ${site.hmc.address} 22`,
    `# managed: ${site.systems.map(mtms).join(' ')}`,
    `# build id ${rng.word(27, B64)}=`,
  ];
}
