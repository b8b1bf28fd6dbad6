import type { Rng } from './rng.ts';
import { isoTime, type Site, syslogTime } from './site.ts';

export type LineMaker = (time: number) => string;

/** Lines of a log from `start` on, a few seconds apart. */
export function lines(rng: Rng, start: number, count: number, make: LineMaker): string[] {
  let time = start;
  return Array.from({ length: count }, () => {
    time += rng.between(1, 240);
    return make(time);
  });
}

/** Exactly `size` bytes of log; the last line is cut, as a copy of a file in use is. */
export function logOfSize(rng: Rng, start: number, size: number, make: LineMaker): Buffer {
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  for (let time = start; at < size; time += rng.between(1, 9)) {
    at += out.write(`${make(time)}\n`, at, 'latin1');
  }
  return out;
}

/** /var/log/messages of an HMC: kernel, sshd, sudo, cron, the console's own daemons. */
export function syslogLine(rng: Rng, site: Site): LineMaker {
  const host = site.hmc.host;
  const pid = () => rng.between(900, 32000);
  const peer = () => `${site.net}.${rng.between(11, 250)}`;
  const makers: (() => string)[] = [
    () =>
      `sshd[${pid()}]: Accepted publickey for hscroot from ${peer()} port ${rng.between(32768, 60999)} ssh2: RSA SHA256:${rng.word(43, B64)}`,
    () => `sshd[${pid()}]: Accepted password for hscroot from ${peer()} port ${rng.between(32768, 60999)} ssh2`,
    () =>
      `sshd[${pid()}]: Failed password for invalid user admin from ${peer()} port ${rng.between(32768, 60999)} ssh2`,
    () => `sshd[${pid()}]: pam_unix(sshd:session): session opened for user hscroot by (uid=0)`,
    () => `sshd[${pid()}]: pam_unix(sshd:session): session closed for user hscroot`,
    () => `sshd[${pid()}]: Received disconnect from ${peer()}: 11: disconnected by user`,
    () => `sudo: hscroot : TTY=pts/${rng.int(4)} ; PWD=/home/hscroot ; USER=root ; COMMAND=/opt/hsc/bin/lsled -r sa`,
    () => `crond[${pid()}]: (root) CMD (/usr/lib64/sa/sa1 1 1)`,
    () => `kernel: e1000e: eth${rng.int(2)} NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx`,
    () => `kernel: TCP: request_sock_TCP: Possible SYN flooding on port 657. Sending cookies.  Check SNMP counters.`,
    () =>
      `kernel: IN=eth0 OUT= MAC=${site.hmc.mac}:40:f2:e9:${rng.hex(2)}:${rng.hex(2)}:${rng.hex(2)}:08:00 SRC=${peer()} DST=${site.hmc.address} LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=${rng.int(65536)} DF PROTO=TCP SPT=${rng.between(1024, 65535)} DPT=443 WINDOW=14600 RES=0x00 SYN URGP=0`,
    () =>
      `dhcpd: DHCPACK on ${rng.pick(site.systems).address} to 98:be:94:${rng.hex(2)}:${rng.hex(2)}:${rng.hex(2)} via eth1`,
    () => `ntpd[${pid()}]: synchronized to ${site.net}.1, stratum 3`,
    () =>
      `HWServer[${pid()}]: system ${rng.pick(site.systems).name} connection state Connected, MTMS ${mtms(rng.pick(site.systems))}`,
    () => `ccfw: event ${rng.digits(8)} ref B3020001 reported, PMH pending`,
    () =>
      `rmcd[${pid()}]: ConfigRM node ${rng.hex(16)} partition ${rng.pick(rng.pick(site.systems).partitions).name} is up`,
    () => `syslog-ng[${pid()}]: Log statistics; dropped='udp(AF_INET)=0', processed='src(local)=${rng.int(90000)}'`,
    () =>
      `postfix/qmgr[${pid()}]: ${rng.hex(10).toUpperCase()}: from=<root@localhost>, size=${rng.between(400, 2000)}, nrcpt=1 (queue active)`,
    () =>
      `audispd: node=${host} type=CRED_DISP msg=audit(${site.now}.${rng.digits(3)}:${rng.digits(6)}): pid=${pid()} uid=0 auid=501 ses=${rng.int(9000)} msg='op=PAM:setcred acct="hscroot" exe="/usr/sbin/sshd" hostname=${peer()} addr=${peer()} terminal=ssh res=success'`,
    () => `mgmtsrv: session ${rng.uuid()} closed, reason idle timeout after 900 s`,
  ];
  return (time) => `${syslogTime(time)} ${host} ${rng.pick(makers)()}`;
}

export const B64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
export const mtms = (system: { type: string; model: string; serial: string }): string =>
  `${system.type}-${system.model}*${system.serial}`;

/** HMC firmware logs (iqyylog, iqyycom): an event number, a time, a source, and now and then words in hex. */
export function iqyyLine(rng: Rng, site: Site): LineMaker {
  const makers: (() => string)[] = [
    () => `ECC  Connection test to esupport.ibm.com:443 rc=0 duration=${rng.between(80, 900)}ms`,
    () =>
      `ECC  POST https://esupport.ibm.com/eccedge/gateway/services/projects/ecc/ProblemReport HTTP/1.1 200 length=${rng.between(800, 90000)}`,
    () =>
      `PA   Problem ${rng.digits(8)} opened refcode=${rng.pick(['B3020001', 'B7006970', '11002610', 'BA210000', 'B181E911'])} MTMS=${mtms(rng.pick(site.systems))} loc=U78C9.001.${rng.word(7, 'ABCDEFGHWZ0123456789')}-P1-C${rng.between(1, 12)}`,
    () =>
      `TASK ${rng.pick(['CloseEvent', 'ManageServiceableEvents', 'TransmitServiceInformation', 'ViewConsoleEvents'])} user=hscroot session=${rng.hex(16)}`,
    () =>
      `LIC  ${mtms(rng.pick(site.systems))} ecnumber=01SV860 installed=${rng.between(56, 180)} activated=${rng.between(56, 180)} accepted=${rng.between(40, 56)}`,
    () =>
      `TRC  ${rng.hex(8)} ${rng.hex(8)} ${rng.hex(8)} ${rng.hex(8)}  ${rng.hex(8)} ${rng.hex(8)} ${rng.hex(8)} ${rng.hex(8)}`,
    () => `HTTP proxy none, User-Agent: ECC/2.0 (HMC ${site.hmc.type}-${site.hmc.model}), Authorization: ********`,
    () => `CFG  checksum sha1=${rng.hex(40)} file=/opt/ccfw/data/iqyvpd.dat`,
    () =>
      `CONN ${rng.pick(site.systems).address} state=Connected retries=${rng.int(4)} tx=${rng.digits(9)} rx=${rng.digits(9)}`,
    () => `UUID ${rng.uuid()} bundle=IQYY${rng.digits(5)} parts=${rng.between(1, 9)} password=`,
  ];
  return (time) => `${50000000 + rng.int(99999)} ${isoTime(time)}.${rng.digits(3)} ${rng.pick(makers)()}`;
}

/** Interval records of the performance agent on a partition. */
export function statsLine(rng: Rng, site: Site): LineMaker {
  const lpars = site.systems.flatMap((system) =>
    system.partitions.map((lpar) => `${mtms(system)},${lpar.name},${lpar.id}`),
  );
  return (time) =>
    `${isoTime(time)},${rng.pick(lpars)},${rng.int(100)}.${rng.digits(2)},${rng.int(40)}.${rng.digits(2)},${rng.digits(6)},${rng.digits(7)},${rng.int(9)}.${rng.digits(3)},hdisk${rng.int(64)},${rng.digits(5)},ent${rng.int(6)},${rng.digits(8)},${rng.digits(8)}`;
}

/** Console and framework traces. */
export function traceLine(rng: Rng, site: Site): LineMaker {
  const makers: (() => string)[] = [
    () => `com.ibm.hsc.rmi.ServerImpl: request ${rng.hex(12)} lparId=${rng.between(1, 40)} rc=0`,
    () =>
      `com.ibm.hwmca.fw.Task: start id=${rng.digits(6)} class=com.ibm.hwmca.base.tasks.${rng.pick(['BackupTask', 'NetworkTask', 'EventTask'])}`,
    () => `HSCPhyp: cmd 0x${rng.hex(4)} seq ${rng.digits(5)} rsp 0x0000 ${rng.hex(32)}`,
    () => `RCS: ${rng.pick(site.systems).name} poll ok, next in ${rng.between(30, 300)} s`,
    () => `TLS: ${rng.pick(site.systems).address}:30443 TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384 session=${rng.hex(64)}`,
    () => `Login: user=hscroot passwd=******** source=${site.net}.${rng.between(11, 250)} result=ok`,
    () => `at com.ibm.hsc.client.HmcClient.invoke(HmcClient.java:${rng.between(40, 900)})`,
  ];
  return (time) =>
    `${isoTime(time)},${rng.digits(3)} [${rng.pick(['main', 'RMI TCP', 'Worker'])}-${rng.int(64)}] ${rng.pick(['INFO', 'DEBUG', 'WARN'])} ${rng.pick(makers)()}`;
}
