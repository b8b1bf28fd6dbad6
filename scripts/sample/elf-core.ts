import type { Content } from './sink.ts';

const HEADER = 64 + 56 * 2;
const NOTES = 0x200;
const CORE_DATA = 0x1000;

/**
 * A core file as Linux writes it (ELF gABI; System V ABI, 64-bit, little endian): header, PT_NOTE with the name and the
 * arguments of the process, one PT_LOAD with its memory.
 */
export function elfCore(process: { name: string; args: string; pid: number }, memory: Content, machine = 62): Content {
  const head = Buffer.alloc(CORE_DATA);
  head.write('\x7fELF\x02\x01\x01', 0, 'latin1');
  head.writeUInt16LE(4, 16); // ET_CORE
  head.writeUInt16LE(machine, 18); // 62 x86-64, 21 ppc64
  head.writeUInt32LE(1, 20);
  head.writeBigUInt64LE(64n, 32); // program headers follow
  head.writeUInt16LE(64, 52);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(2, 56);
  program(head, 64, 4, 0, HEADER, 0n, NOTES);
  program(head, 120, 1, 6, CORE_DATA, 0x7f3a_0000_0000n, memory.size);
  const info = Buffer.alloc(136); // struct elf_prpsinfo
  info.writeUInt8(0, 0);
  info.write('S', 1, 'latin1');
  info.writeUInt32LE(process.pid, 24);
  info.write(process.name.slice(0, 15), 40, 'latin1');
  info.write(process.args.slice(0, 79), 56, 'latin1');
  note(head, HEADER, 3, info);
  note(head, HEADER + 12 + 8 + info.length, 6, Buffer.alloc(NOTES - 20 - 136 - 20));
  return {
    size: CORE_DATA + memory.size,
    *chunks() {
      yield head;
      yield* memory.chunks();
    },
  };
}

function program(
  out: Buffer,
  at: number,
  type: number,
  flags: number,
  offset: number,
  address: bigint,
  size: number,
): void {
  out.writeUInt32LE(type, at);
  out.writeUInt32LE(flags, at + 4);
  out.writeBigUInt64LE(BigInt(offset), at + 8);
  out.writeBigUInt64LE(address, at + 16);
  out.writeBigUInt64LE(BigInt(size), at + 32);
  out.writeBigUInt64LE(BigInt(address === 0n ? 0 : size), at + 40);
  out.writeBigUInt64LE(BigInt(address === 0n ? 4 : 4096), at + 48);
}

function note(out: Buffer, at: number, type: number, description: Buffer): void {
  out.writeUInt32LE(5, at);
  out.writeUInt32LE(description.length, at + 4);
  out.writeUInt32LE(type, at + 8);
  out.write('CORE', at + 12, 'latin1');
  description.copy(out, at + 20);
}
