import type { Site } from './site.ts';

export interface DumpIdentity {
  readonly type: string;
  readonly model: string;
  readonly serial: string;
  /** Eight digits. */
  readonly id: string;
  /** `yyyymmddhhmmss` */
  readonly stamp: string;
  readonly host: string;
}

/** BMC: 0x40 file entry + 0x30 section + 0x200 header + 4. SYS: 0x40 + 3 x 0x30 + 0x400. */
const BMC_PAYLOAD = 0x274;
const SYS_PAYLOAD = 0x4d0;

/**
 * The binary header before a dump's payload. Sizes and fields after the public dump packagers of openbmc
 * (phosphor-debug-collector, openpower-debug-collector); the types these do not know get the short form with an eye
 * catcher of their own.
 */
export function dumpHeader(dump: DumpIdentity, payload: number, site: Site): Buffer {
  const system = dump.type === 'SYSDUMP';
  const out = Buffer.alloc(system ? SYS_PAYLOAD : BMC_PAYLOAD);
  out.write('FILE    ', 0, 'latin1');
  out.writeUInt16BE(0x40, 8);
  out.writeUInt16BE(1, 20);
  out.writeUInt16BE(15, 22);
  out.write(`${dump.type}.${dump.serial}.${dump.id}.${dump.stamp}`, 24, 'latin1');
  let at = 0x40;
  for (const [name, size] of system
    ? ([
        ['DUMP SUMMARY', 0x400],
        ['HARDWARE DATA', payload],
        ['HYPERVISOR DATA', 0],
      ] as const)
    : ([[dump.type, payload + 516]] as const)) {
    out.write('SECTION ', at, 'latin1');
    out.writeUInt16BE(0x30, at + 8);
    out.writeUInt32BE(system ? 0 : 1, at + 16);
    out.writeUInt16BE(2, at + 20);
    out.writeBigUInt64BE(BigInt(size), at + 24);
    out.write(name, at + 32, 'latin1');
    at += 0x30;
  }
  out.write(`${dump.type.slice(0, 3)} DUMP`, at, 'latin1');
  Buffer.from(dump.stamp, 'hex').copy(out, at + 8); // time as BCD
  out.writeUInt32BE(Number.parseInt(dump.id, 16), at + 16);
  out.writeUInt16BE(system ? 0x221 : 0x210, at + 20);
  out.writeUInt16BE(system ? 0x400 : 0x200, at + 22);
  out.writeBigUInt64BE(BigInt(payload + (system ? 0x400 : 516)), at + 24);
  out.write(dump.model, at + 32, 32, 'latin1');
  out.write(dump.host, at + 64, 32, 'latin1');
  out.write(dump.serial, at + 96, 7, 'latin1');
  out.writeUInt32BE(0x50000000 + (Number.parseInt(dump.id, 16) & 0xffff), at + 104);
  out.writeUInt16BE(at, at + 108);
  out.write(site.hmc.serial.padEnd(12, '0'), at + 432, 12, 'latin1');
  if (!system) out.writeUInt32BE(0x01010010, out.length - 4);
  return out;
}
