import { commandOutputs } from './commands.ts';
import { consoleData, consoleFolder } from './console-data.ts';
import { binary, type Draft, type Dump, text } from './draft.ts';
import { elfCore } from './elf-core.ts';
import { memory, memoryBuffer, pagePool } from './memory.ts';
import type { Rng } from './rng.ts';
import { makeSite, type Site, stamp } from './site.ts';
import { systemFiles } from './system-files.ts';
import { xmlFiles } from './xml-files.ts';

const DUMP_TYPES = ['SYSDUMP', 'FSPDUMP', 'BMCDUMP', 'SMADUMP', 'PWRDUMP', 'LOGDUMP', 'RSCDUMP'] as const;

/** All documented files at their smallest; growth and leaks come later. */
export function buildDraft(rng: Rng): Draft {
  const site = makeSite(rng.fork('site'));
  const at = damagedPlace(rng.fork('places'), site);
  const pool = pagePool(rng.fork('pool'), site);
  const core = (id: string, name: string, program: string, pages: number) => {
    const image = elfCore(
      { name: program, args: `/opt/hsc/bin/${program} -d`, pid: 2210 },
      memory(rng.fork(id), pool, pages * 4096),
    );
    return binary(id, at(name), Buffer.concat([...image.chunks()]));
  };
  return {
    site,
    top: [...consoleData(rng.fork('top'), site), ...xmlFiles(rng.fork('xml'), site)],
    acuppd: [
      ...commandOutputs(rng.fork('commands'), site),
      ...systemFiles(rng.fork('system'), site, at),
      ...consoleFolder(rng.fork('console'), site, at),
      core('core', '/console///core.HWServer.2210', 'HWServer', 20),
      core('ffdc-core', '/console//ffdc/core//core.ccfw.811', 'ccfw', 10),
    ],
    dumps: DUMP_TYPES.map((type) => dump(rng.fork(type), site, pool, type)),
    consolePath: at,
  };
}

/**
 * The paper prints `//` where a directory name was lost (or is meant as it stands): a bundle has a plain path there, or
 * one directory for each lost name.
 */
function damagedPlace(rng: Rng, site: Site): (name: string) => string {
  const plain = rng.chance(0.4);
  const names = [site.hmc.host, rng.pick(['hsc', 'ccfw', 'svc'])];
  return (name) => {
    let lost = 0;
    const parts = name.replace(/^\//, '').split('/');
    return parts.flatMap((part) => (part !== '' ? [part] : plain ? [] : [names[lost++] as string])).join('/');
  };
}

function dump(rng: Rng, site: Site, pool: readonly Buffer[], type: string): Dump {
  const id = type.toLowerCase();
  const system = rng.pick(site.systems);
  const path = `${type}.${system.serial}.${rng.digits(8)}.${stamp(site.now - rng.int(9e5))}`;
  if (type === 'SYSDUMP') {
    return {
      id,
      type,
      path,
      payload: 'gzip-tar',
      members: [
        text(`${id}-info`, 'info.yaml', [
          'dumpType: system',
          'contentType: hardware',
          `serial: ${system.serial}`,
          `errorLogId: 0x${rng.hex(8)}`,
        ]),
        binary(id, 'plat_dump/20.SbeDataClocksOn.node0.proc0', memoryBuffer(rng, pool, 12 * 4096)),
        binary(`${id}-2`, 'plat_dump/20.SbeDataClocksOff.node0.proc1', memoryBuffer(rng.fork('2'), pool, 4 * 4096)),
      ],
    };
  }
  if (type === 'BMCDUMP') {
    return {
      id,
      type,
      path,
      payload: 'zstd-tar',
      members: [
        text(
          id,
          'bmc/journal-pretty.log',
          Array.from(
            { length: 80 },
            (_, i) =>
              `Dec 04 06:${String(i % 60).padStart(2, '0')}:11 ${system.name.slice(0, 20)} phosphor-log-manager[${rng.digits(3)}]: Created PEL 0x50${rng.hex(6)} (BMC ID ${i}) with SRC BD${rng.hex(6).toUpperCase()}`,
          ),
        ),
        text(`${id}-summary`, 'bmc/summary.log', [
          'Name: BMC dump',
          `Serial: ${system.serial}`,
          'Type: user',
          'U-Boot 2019.04',
          `uuid ${rng.uuid()}`,
        ]),
        binary(`${id}-memory`, 'bmc/core.pldmd', memoryBuffer(rng, pool, 4 * 4096)),
      ],
    };
  }
  return { id, type, path, payload: 'memory', members: [binary(id, 'memory', memoryBuffer(rng, pool, 5 * 4096))] };
}
