import type { Rng } from './rng.ts';
import type { Content } from './sink.ts';
import type { Site } from './site.ts';

const PAGE = 4096;

/** What strings(1) finds in the memory of an HMC: messages, formats, paths, algorithm names, help texts. */
const STRINGS = [
  'Usage: %s [-u user] [-p password] [--help]',
  'Enter password: ',
  'password=%s',
  'invalid password for user %s',
  'Authentication failure; logname=%s uid=%d euid=%d tty=%s ruser=%s rhost=%s  user=%s',
  'Report bugs to <bug-coreutils@gnu.org>.',
  'chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr',
  'umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com',
  'OpenSSL 1.0.1e-fips 11 Feb 2013',
  '-----BEGIN %s-----',
  '-----END %s-----',
  'GLIBC_2.17',
  'GCC: (GNU) 4.8.5 20150623 (Red Hat 4.8.5-11)',
  '/opt/hsc/lib/libHSC.so.1.0',
  '/opt/ibm/java-ppc64-71/jre/lib/ext/ibmjcefips.jar',
  '/usr/lib64/libcrypto.so.1.0.1e',
  'PATH=/usr/local/bin:/usr/bin:/bin:/opt/hsc/bin',
  'HOME=/home/hscroot',
  'LD_LIBRARY_PATH=/opt/ccfw/lib:/opt/hsc/lib',
  'LANG=en_US.UTF-8',
  'JAVA_HOME=/opt/ibm/java-ppc64-71',
  'com.ibm.hsc.common.exceptions.HSCException',
  'com/ibm/hwmca/base/log/LogManager',
  'java/lang/NullPointerException',
  'jdbc:db2://%s:%d/%s',
  'SELECT NAME, VALUE FROM SYSPROPS WHERE ID = ?',
  'http://www.w3.org/2001/XMLSchema-instance',
  'https://esupport.ibm.com/eccedge/gateway/services/projects/ecc/ServiceRequest',
  '{"error":"%s","code":%d}',
  'root@localhost',
  'CN=hmc, OU=Hardware Management Console, O=IBM, C=US',
  'HSCL350B The user does not have the appropriate authority.',
  'HSCF0001 Please select at least one managed system.',
  'SRC %8.8x %8.8x %8.8x %8.8x',
  'TLSv1.2',
  'AES256-SHA256:AES128-GCM-SHA256',
  '%Y-%m-%d %H:%M:%S',
  'yyyy-MM-dd HH:mm:ss.SSS',
];

/** Which pages of a pool hold strings. */
const hasText = (index: number): boolean => index % 8 > 4;

/** A pool of memory pages of the kinds a process or a service processor has: empty, pointers, code, heap, text. */
export function pagePool(rng: Rng, site: Site, count = 192): Buffer[] {
  const strings = [
    ...STRINGS,
    site.hmc.host,
    `${site.hmc.type}-${site.hmc.model}*${site.hmc.serial}`,
    ...site.systems.flatMap((system) => [system.name, ...system.partitions.map((lpar) => lpar.name)]),
  ];
  return Array.from({ length: count }, (_, index) => {
    const page = Buffer.alloc(PAGE);
    const kind = index % 8;
    if (hasText(index)) return fillStrings(rng, page, strings, kind === 5);
    if (kind === 0) return page;
    if (kind === 1 || kind === 2) pointers(rng, page);
    else if (kind === 3) rng.bytes(PAGE).copy(page);
    else code(rng, page);
    return page;
  });
}

function pointers(rng: Rng, page: Buffer): void {
  const base = rng.u32() & 0xfff0_0000;
  for (let at = 0; at < PAGE; at += 16) {
    page.writeUInt32LE((base + rng.int(1 << 20)) >>> 0, at);
    page.writeUInt16LE(0x3fff, at + 4);
    page.writeUInt32LE(rng.chance(0.5) ? 0 : rng.int(4096), at + 8);
  }
}

/** POWER instructions: a few opcodes over and over with small register and offset fields. */
function code(rng: Rng, page: Buffer): void {
  const opcodes = [0x38000000, 0xe8000000, 0xf8000000, 0x7c000378, 0x48000001, 0x60000000, 0x2c000000];
  for (let at = 0; at < PAGE; at += 4) page.writeUInt32BE((rng.pick(opcodes) | rng.int(1 << 15)) >>> 0, at);
}

function fillStrings(rng: Rng, page: Buffer, strings: readonly string[], wide: boolean): Buffer {
  for (let at = 0; at < PAGE - 240; ) {
    const word = rng.pick(strings);
    at += page.write(word, at, wide && rng.chance(0.5) ? 'utf16le' : 'latin1');
    at += 1 + rng.int(7);
    if (rng.chance(0.3)) at = (at + 63) & ~63;
  }
  return page;
}

/** `size` bytes of memory: pages of the pool; those without text are touched, so that no two dumps are alike. */
export function memory(rng: Rng, pool: readonly Buffer[], size: number): Content {
  return {
    size,
    *chunks() {
      const stream = rng.fork('pages');
      for (let left = size; left > 0; ) {
        const run = Buffer.allocUnsafe(Math.min(left, 16 * PAGE));
        for (let at = 0; at < run.length; at += PAGE) {
          const index = stream.int(pool.length);
          (pool[index] as Buffer).copy(run, at, 0, Math.min(PAGE, run.length - at));
          if (!hasText(index) && stream.chance(0.9) && at + PAGE <= run.length) {
            for (let i = 0; i < 24; i++) run.writeUInt32LE(stream.u32() & 0x7f7f7f00, at + stream.int(PAGE / 4) * 4);
          }
        }
        left -= run.length;
        yield run;
      }
    },
  };
}

export function memoryBuffer(rng: Rng, pool: readonly Buffer[], size: number): Buffer {
  return Buffer.concat([...memory(rng, pool, size).chunks()]);
}
