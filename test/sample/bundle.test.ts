import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEAKS, type Truth, writeSample } from '../../scripts/sample/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'clearance-sample-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function run(command: string, ...args: string[]): string {
  const done = spawnSync(command, args, { cwd: dir, encoding: 'latin1', maxBuffer: 1 << 28 });
  if (done.error) throw done.error;
  expect([command, args, done.status, done.stderr]).toEqual([command, args, 0, '']);
  return done.stdout;
}
const missing = (tool: string): boolean => spawnSync(tool, ['--version']).error !== undefined;
const shell = (script: string): string => run('sh', '-c', script);
const listed = (folder: string): string[] =>
  readdirSync(join(dir, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(dir, folder, name)).isFile(),
  );

describe('a clean bundle', () => {
  // The seed is drawn at run time: what holds for one bundle must hold for any.
  const seed = Math.floor(Math.random() * 1e9);
  let truth: Truth;
  beforeAll(async () => {
    truth = await writeSample({ out: join(dir, 'clean.tgz'), seed, size: 700_000 });
    shell('mkdir clean acuppd && tar xzf clean.tgz -C clean && tar xzf clean/acuppd.tgz -C acuppd');
  });

  test(`is what its truth says (seed ${seed})`, () => {
    expect(truth.outcome).toBe('cleared');
    expect(run('sha256sum', 'clean.tgz').slice(0, 64)).toBe(truth.bundle.sha256);
    expect(statSync(join(dir, 'clean.tgz')).size).toBe(truth.bundle.size);
    shell('gzip -t clean.tgz clean/acuppd.tgz');
  });

  test('has every documented file', () => {
    const top = listed('clean').map((name) => name.replace(/\d/g, '0'));
    for (const name of ['actzuict.dat', 'hmc.eed', 'sys.eed', 'PMap.eed', 'problems.xml', 'stats.send', 'LPMFFDC']) {
      expect(top).toContain(name);
    }
    for (const type of ['SYSDUMP', 'FSPDUMP', 'BMCDUMP', 'SMADUMP', 'PWRDUMP', 'LOGDUMP', 'RSCDUMP']) {
      expect(listed('clean').join('\n')).toMatch(new RegExp(`^${type}\\.[0-9A-Z]{7}\\.\\d{8}\\.\\d{14}$`, 'm'));
    }
    expect(top.filter((name) => name.startsWith('var/adm/esa/')).length).toBeGreaterThanOrEqual(5);
    const inner = listed('acuppd').join('\n');
    for (const pattern of [
      /ps_-AFLww/,
      /ls_-lR_\.proc/,
      /netstat_-anpoe/,
      /^var\/log\/messages$/m,
      /core\.HWServer/,
      /hs_err_pid/,
      /javacore/,
      /etc\/resolv\.conf/,
      /proc\/sys\/fs\/file-nr/,
    ]) {
      expect(inner).toMatch(pattern);
    }
  });

  test('has thirteen commands in sys.eed for each system, and records that a reader can split', () => {
    const lines = readFileSync(join(dir, 'clean/sys.eed'), 'utf8').split('\n');
    const machines = lines.filter((line) => line.startsWith('# lssyscfg -r lpar')).length;
    expect(lines.filter((line) => line.startsWith('# '))).toHaveLength(13 * machines);
    const record = lines.find((line) => line.startsWith('name=')) ?? '';
    expect(record).toMatch(/^name=[^,]+,lpar_id=\d+,lpar_env=/);
    expect(lines.some((line) => /,"\w+=[^",]+,[^"]+"/.test(line))).toBe(true);
  });

  test('has well-formed XML with one to three contacts', () => {
    for (const name of listed('clean').filter((file) => file.endsWith('.xml'))) {
      expect([name, XMLValidator.validate(readFileSync(join(dir, 'clean', name), 'utf8'))]).toEqual([name, true]);
    }
    const contacts = readFileSync(join(dir, 'clean/problems.xml'), 'utf8').match(/<contact /g)?.length;
    expect(contacts).toBeGreaterThanOrEqual(1);
    expect(contacts).toBeLessThanOrEqual(3);
  });

  test.skipIf(missing('zstd'))('has dumps whose payload real tools unpack behind the header (needs zstd)', () => {
    const names = shell(
      'tail -c +$((0x4D0 + 1)) clean/SYSDUMP.* | tar tz; tail -c +$((0x274 + 1)) clean/BMCDUMP.* | zstd -dc | tar t',
    );
    expect(names).toContain('plat_dump/20.SbeDataClocksOn.node0.proc0');
    expect(names).toContain('bmc/journal-pretty.log');
    const header = readFileSync(
      join(dir, 'clean', listed('clean').find((name) => name.startsWith('SYSDUMP')) as string),
    );
    expect(header.subarray(64 + 144 + 64, 64 + 144 + 96).toString('latin1')).toMatch(/^[\w-]+\0+$/);
    expect(Number(header.readBigUInt64BE(64 + 144 + 24))).toBe(header.length - 0x4d0 + 0x400);
  });

  test.skipIf(missing('readelf'))('has cores that readelf accepts (needs binutils)', () => {
    const cores = listed('acuppd').filter((name) => /core\.\w+\.\d+$/.test(name));
    expect(cores.length).toBeGreaterThanOrEqual(3);
    for (const name of cores) {
      const said = run('readelf', '-hln', join('acuppd', name));
      expect(said).toContain('CORE (Core file)');
      expect(said).toContain('NT_PRPSINFO');
    }
  });
});

test('the same options give the same bytes, another seed gives others', async () => {
  const leaks = LEAKS.map((leak) => leak.name);
  const write = (out: string, seed: number) => writeSample({ out: join(dir, out), seed, leaks, size: 600_000 });
  const [one, two, other] = [await write('1.tgz', 9), await write('2.tgz', 9), await write('3.tgz', 10)];
  expect(two.bundle.sha256).toBe(one.bundle.sha256);
  expect(other.bundle.sha256).not.toBe(one.bundle.sha256);
});

test.each([0.5, 3, 24])('%d MiB is met within ten per cent', async (mebibytes) => {
  for (const seed of [1, 2]) {
    const { bundle } = await writeSample({ out: join(dir, 'size.tgz'), seed, size: mebibytes * 2 ** 20 });
    expect(Math.abs(bundle.size / (mebibytes * 2 ** 20) - 1)).toBeLessThan(0.1);
  }
});

test('never holds the bundle in memory', () => {
  const door = new URL('../../out/scripts/sample/index.js', import.meta.url).href;
  const options = JSON.stringify({ out: join(dir, 'big.tgz'), seed: 6, size: 128 * 2 ** 20 });
  const script = `const { writeSample } = await import('${door}'); await writeSample(${options});
    console.log(process.resourceUsage().maxRSS)`;
  const peak = Number(run(process.execPath, '--input-type=module', '-e', script));
  // 128 MiB packed are over 600 MiB of files; the rest of the peak is Node and buffers that wait for the collector.
  expect(peak).toBeLessThan(320 * 1024);
});

test('a wrapping directory and left-out files', async () => {
  await writeSample({ out: join(dir, 'wrapped.tgz'), seed: 4, wrapper: true, without: ['BMCDUMP', 'stats'] });
  const names = run('tar', 'tzf', 'wrapped.tgz').trim().split('\n');
  expect(names.every((name) => name.startsWith(names[0] as string))).toBe(true);
  expect(names.join('\n')).not.toMatch(/BMCDUMP|\/stats\.send/);
  await expect(writeSample({ out: join(dir, 'x.tgz'), seed: 4, without: ['XYZDUMP'] })).rejects.toThrow('XYZDUMP');
});
