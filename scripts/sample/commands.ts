import { type Doc, text } from './draft.ts';
import { lines, traceLine } from './logs.ts';
import type { Rng } from './rng.ts';
import { isoTime, mac, type Site } from './site.ts';

interface Process {
  readonly user: string;
  readonly pid: number;
  readonly command: string;
}

function processes(rng: Rng): Process[] {
  const commands: [string, string][] = [
    ['root', '/sbin/init'],
    ...[
      'kthreadd',
      'ksoftirqd/0',
      'migration/0',
      'watchdog/0',
      'events/0',
      'kblockd/0',
      'scsi_eh_0',
      'jbd2/sda2-8',
    ].map((name): [string, string] => ['root', `[${name}]`]),
    ['root', '/sbin/udevd -d'],
    ['root', '/usr/sbin/sshd -D'],
    ['root', 'sshd: hscroot [priv]'],
    ['hscroot', 'sshd: hscroot@pts/0'],
    ['hscroot', '-hmcbash'],
    ['root', '/usr/sbin/syslog-ng -p /var/run/syslog-ng.pid'],
    ['root', '/usr/sbin/dhcpd -q eth1'],
    ['ntp', '/usr/sbin/ntpd -u ntp:ntp -p /var/run/ntpd.pid -g'],
    ['root', '/usr/sbin/rsct/bin/rmcd -a IBM.LPCommands -r -S 1500'],
    [
      'root',
      '/opt/ibm/java-ppc64-71/jre/bin/java -Xms256m -Xmx1024m -Dccfw.home=/opt/ccfw -Djavax.net.ssl.trustStore=/opt/ccfw/data/cacerts -Djavax.net.ssl.trustStorePassword=******** -classpath /opt/ccfw/lib/ccfw.jar com.ibm.hwmca.fw.Launcher',
    ],
    ['wlp', '/opt/ibm/java-x86_64-80/jre/bin/java -XX:MaxPermSize=256m -jar /opt/wlp/bin/tools/ws-server.jar hmc'],
    ['root', '/usr/bin/Xvnc :0 -desktop X -auth /var/run/vnc.auth -rfbauth /var/run/vncpasswd -rfbport 5900'],
    ['root', '/opt/hsc/bin/HWServer -d'],
    ['root', '/usr/sbin/crond'],
    ['root', 'top -bn1'],
    ['root', 'ps -AFLww'],
  ];
  let pid = 0;
  return commands.map(([user, command], index) => {
    pid = index === 0 ? 1 : pid + rng.between(1, 400);
    return { user, pid, command };
  });
}

/** The outputs of the documented commands, under the names sos gives such files. */
export function commandOutputs(rng: Rng, site: Site): Doc[] {
  const folder = rng.pick(['', 'commands/']);
  const ending = rng.pick(['', '.txt', '.out']);
  const output = (id: string, name: string, body: readonly string[]): Doc =>
    text(id, `${folder}${name}${ending}`, body);
  const running = processes(rng.fork('ps'));
  const peer = () => `${site.net}.${rng.between(11, 250)}`;
  const clock = isoTime(site.now).slice(11, 16);
  return [
    output('ps', 'ps_-AFLww', [
      'UID        PID  PPID   LWP  C NLWP    SZ   RSS PSR STIME TTY          TIME CMD',
      ...running.map(
        (p) =>
          `${p.user.padEnd(8)} ${String(p.pid).padStart(5)} ${String(p.pid === 1 ? 0 : 1).padStart(5)} ${String(p.pid).padStart(5)}  0    1 ${String(rng.int(99999)).padStart(5)} ${String(rng.int(99999)).padStart(5)}   ${rng.int(4)} ${clock} ?        00:0${rng.int(9)}:${rng.between(10, 59)} ${p.command}`,
      ),
    ]),
    output('ls-proc', 'ls_-lR_.proc', [
      '/proc:',
      'total 0',
      ...running.flatMap((p) => [`dr-xr-xr-x  7 ${p.user} ${p.user} 0 Dec  4 ${clock} ${p.pid}`]),
      ...running
        .slice(0, 12)
        .flatMap((p) => [
          '',
          `/proc/${p.pid}:`,
          'total 0',
          `-r--r--r-- 1 root root 0 Dec  4 ${clock} cmdline`,
          `-r-------- 1 root root 0 Dec  4 ${clock} environ`,
          `lrwxrwxrwx 1 root root 0 Dec  4 ${clock} exe -> ${p.command.split(' ')[0]}`,
          `lrwxrwxrwx 1 root root 0 Dec  4 ${clock} fd/3 -> socket:[${rng.digits(6)}]`,
        ]),
    ]),
    output('ls-R', 'ls_-R', [
      '.:',
      'bin',
      'boot',
      'dev',
      'etc',
      'home',
      'opt',
      '',
      './home:',
      'ccfw',
      'hscpe',
      'hscroot',
      '',
      './etc:',
      'fstab',
      'group',
      'hosts',
      'passwd',
      'resolv.conf',
      'shadow',
      'ssh',
      '',
      './etc/ssh:',
      'moduli',
      'ssh_config',
      'ssh_host_rsa_key',
      'ssh_host_rsa_key.pub',
      'sshd_config',
      '',
      './var/hsc/log:',
      ...Array.from({ length: 40 }, (_, i) => `iqyy${rng.pick(['log', 'com0', 'com1', 'e4'])}.${i}.log`),
    ]),
    output('top', 'top_-bn1', [
      `top - ${clock}:03 up ${rng.between(2, 300)} days,  3:12,  1 user,  load average: 0.${rng.digits(2)}, 0.${rng.digits(2)}, 0.${rng.digits(2)}`,
      `Tasks: ${running.length} total,   1 running, ${running.length - 1} sleeping,   0 stopped,   0 zombie`,
      'Cpu(s):  2.1%us,  0.7%sy,  0.0%ni, 96.9%id,  0.2%wa,  0.0%hi,  0.1%si,  0.0%st',
      'Mem:  16330012k total, 15310220k used,  1019792k free,   412000k buffers',
      '',
      '  PID USER      PR  NI  VIRT  RES  SHR S %CPU %MEM    TIME+  COMMAND',
      ...running.map(
        (p) =>
          `${String(p.pid).padStart(5)} ${p.user.padEnd(8)}  20   0 ${rng.digits(5)} ${rng.digits(4)} ${rng.digits(4)} S  0.0  0.${rng.int(9)}   0:0${rng.int(9)}.${rng.digits(2)} ${p.command.split(' ')[0]?.split('/').at(-1)}`,
      ),
    ]),
    output('ipcs', 'ipcs', [
      '',
      '------ Shared Memory Segments --------',
      'key        shmid      owner      perms      bytes      nattch     status',
      ...Array.from(
        { length: 8 },
        () =>
          `0x${rng.hex(8)} ${rng.digits(7).padEnd(10)} root       600        ${rng.digits(6).padEnd(10)} 2          dest`,
      ),
      '',
      '------ Semaphore Arrays --------',
      'key        semid      owner      perms      nsems',
      `0x${rng.hex(8)} 0          root       600        1`,
    ]),
    output('iqzzqtcs', 'iqzzqtcs', lines(rng.fork('tcs'), site.now - 3600, 40, traceLine(rng.fork('tcs:line'), site))),
    output(
      'ifconfig',
      'ifconfig',
      ['eth0', 'eth1', 'lo'].flatMap((name, index) => {
        const address = name === 'lo' ? '127.0.0.1' : index === 0 ? site.hmc.address : '172.16.255.1';
        return [
          name === 'lo'
            ? 'lo        Link encap:Local Loopback'
            : `${name}      Link encap:Ethernet  HWaddr ${(index === 0 ? site.hmc.mac : mac(rng)).toUpperCase()}`,
          `          inet addr:${address}  ${name === 'lo' ? 'Mask:255.0.0.0' : `Bcast:${address.replace(/\d+$/, '255')}  Mask:255.255.255.0`}`,
          ...(name === 'lo'
            ? []
            : [`          inet6 addr: fe80::42f2:e9ff:fe${rng.hex(2)}:${rng.hex(4)}/64 Scope:Link`]),
          '          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1',
          `          RX packets:${rng.digits(9)} errors:0 dropped:0 overruns:0 frame:0`,
          `          TX packets:${rng.digits(9)} errors:0 dropped:0 overruns:0 carrier:0`,
          '',
        ];
      }),
    ),
    output('iptables', 'iptables', [
      'Chain INPUT (policy DROP)',
      'target     prot opt source               destination',
      'ACCEPT     all  --  0.0.0.0/0            0.0.0.0/0           state RELATED,ESTABLISHED',
      ...[22, 443, 657, 9920, 12443].map(
        (port) => `ACCEPT     tcp  --  ${site.net}.0/24        0.0.0.0/0           tcp dpt:${port}`,
      ),
      'ACCEPT     udp  --  0.0.0.0/0            0.0.0.0/0           udp dpt:9900',
      'DROP       all  --  0.0.0.0/0            0.0.0.0/0',
      '',
      'Chain OUTPUT (policy ACCEPT)',
      'target     prot opt source               destination',
    ]),
    output('netstat-rn', 'netstat_-rn', [
      'Kernel IP routing table',
      'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface',
      `${site.net}.0       0.0.0.0         255.255.255.0   U         0 0          0 eth0`,
      '172.16.0.0      0.0.0.0         255.255.0.0     U         0 0          0 eth1',
      `0.0.0.0         ${site.net}.1       0.0.0.0         UG        0 0          0 eth0`,
    ]),
    output('netstat', 'netstat_-anpoe', [
      'Active Internet connections (servers and established)',
      'Proto Recv-Q Send-Q Local Address               Foreign Address             State       User       Inode      PID/Program name    Timer',
      ...[22, 443, 657, 9920, 5900].map(
        (port) =>
          `tcp        0      0 0.0.0.0:${port}                 0.0.0.0:*                   LISTEN      0          ${rng.digits(5)}      ${rng.digits(4)}/java           off (0.00/0/0)`,
      ),
      ...Array.from(
        { length: 24 },
        () =>
          `tcp        0      0 ${site.hmc.address}:${rng.between(32768, 60999)}           ${rng.chance(0.3) ? '129.42.56.189' : peer()}:${rng.pick([443, 657, 22])}            ESTABLISHED 0          ${rng.digits(6)}     ${rng.digits(4)}/HWServer       keepalive (${rng.int(60)}.${rng.digits(2)}/0/0)`,
      ),
      'udp        0      0 0.0.0.0:9900                0.0.0.0:*                               0          11220      2210/java           off (0.00/0/0)',
    ]),
    output(
      'showtracebuf',
      'showTraceBuf_all',
      lines(
        rng.fork('trace'),
        site.now - 3600,
        160,
        (time) =>
          `${time}.${rng.digits(6)} ${rng.hex(4)} ${rng.pick(['PHYP', 'SVPD', 'NETC', 'HWSV'])} ${rng.hex(8)} ${rng.hex(8)} ${rng.hex(8)} ${rng.hex(8)} ${rng.word(16, 'ABCDEFGHIJ.........')}`,
      ),
    ),
    output('df', 'df_-h', [
      'Filesystem            Size  Used Avail Use% Mounted on',
      '/dev/sda2              16G  7.9G  7.3G  52% /',
      '/dev/sda3              8.0G  1.2G  6.4G  16% /var',
      '/dev/sda6              197G   31G  157G  17% /dump',
      'tmpfs                 7.8G  488K  7.8G   1% /dev/shm',
    ]),
  ];
}
