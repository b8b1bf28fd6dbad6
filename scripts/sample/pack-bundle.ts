import { type Doc, type Draft, type Dump, text } from './draft.ts';
import { dumpHeader } from './dump-header.ts';
import { elfCore } from './elf-core.ts';
import { GzipWriter, gzip } from './gzip-writer.ts';
import { type LineMaker, logOfSize, statsLine, syslogLine, traceLine } from './logs.ts';
import { memory, pagePool } from './memory.ts';
import type { Rng } from './rng.ts';
import { BufferSink, type Content, contentOf, type Sink, spool } from './sink.ts';
import { stamp } from './site.ts';
import { TarWriter } from './tar-writer.ts';
import { zstd } from './zstd-writer.ts';

const LARGEST = 8 << 20;
/** What a byte of log and a byte of memory cost once compressed; only first guesses, the end of the bundle is measured. */
const LOG_RATIO = 0.3;
const MEMORY_RATIO = 0.42;

export interface Growth {
  /** Compressed bytes to add; 0 packs the draft as it is. */
  readonly bytes: number;
  /** Size of the whole bundle to end at. */
  readonly total: number;
  readonly rng: Rng;
  /** Files beside which parts are spooled: `<scratch>.acuppd`, `<scratch>.sysdump`. */
  readonly scratch: string;
}

/** Writes the whole bundle. Where growth has a share for a part, the part is filled until its measured size is met. */
export function packBundle(
  draft: Draft,
  sink: Sink & { readonly size: number },
  growth: Growth,
  wrapper: string,
): void {
  const { rng, scratch } = growth;
  const pool = growth.bytes > 0 ? pagePool(rng.fork('pool'), draft.site) : [];
  const outer = new GzipWriter(sink, { level: 6 });
  const tar = new TarWriter(outer, draft.site.now);
  const add = (doc: Doc): void => addDoc(tar, doc, wrapper);
  if (wrapper !== '') tar.add({ path: wrapper });
  for (const doc of draft.top) add(doc);
  const acuppd = spool(`${scratch}.acuppd`, (file) =>
    packAcuppd(draft, file, rng.fork('acuppd'), pool, growth.bytes * 0.4),
  );
  tar.add({ path: `${wrapper}acuppd.tgz`, body: acuppd });
  acuppd.drop();
  for (const dump of draft.dumps) {
    const share = growth.bytes * (dump.type === 'SYSDUMP' ? 0.25 : dump.type === 'FSPDUMP' ? 0.12 : 0);
    const payload = spool(`${scratch}.dump`, (file) => packDump(draft, dump, file, rng.fork(dump.id), pool, share));
    const host = draft.site.systems.find((system) => dump.path.includes(system.serial))?.name ?? draft.site.hmc.host;
    const [, serial = '', id = '', time = ''] = dump.path.split('.');
    const header = dumpHeader(
      { type: dump.type, model: draft.site.systems[0]?.model ?? '', serial, id, stamp: time, host: host.slice(0, 31) },
      payload.size,
      draft.site,
    );
    tar.add({ path: wrapper + dump.path, body: joined(header, payload) });
    payload.drop();
  }
  if (growth.bytes > 0) growPerformance(draft, tar, outer, rng.fork('performance'), growth.total, wrapper);
  tar.end();
  outer.end();
}

function packAcuppd(
  draft: Draft,
  file: Sink & { readonly size: number },
  rng: Rng,
  pool: Buffer[],
  share: number,
): void {
  const packed = new GzipWriter(file, { level: 6 });
  const tar = new TarWriter(packed, draft.site.now);
  for (const doc of draft.acuppd) addDoc(tar, doc, '');
  packed.flush();
  if (share > 0) {
    const end = packed.size + share;
    const image = memory(rng.fork('core'), pool, pages((share * 0.4) / MEMORY_RATIO));
    tar.add({
      path: draft.consolePath('/console///core.java.3120'),
      body: elfCore({ name: 'java', args: 'java -Xmx1024m com.ibm.hwmca.fw.Launcher', pid: 3120 }, image),
    });
    for (let index = 2; packed.size < end; index++) {
      const [name, make]: [string, LineMaker] =
        index % 3 === 0
          ? ['hmclog', traceLine(rng.fork(`h${index}`), draft.site)]
          : ['messages', syslogLine(rng.fork(`m${index}`), draft.site)];
      const size = Math.round(Math.min(LARGEST, Math.max(4096, (end - packed.size) / LOG_RATIO / 2)));
      const log = logOfSize(rng.fork(`log${index}`), draft.site.now - index * 86400, size, make);
      tar.add({ path: `var/log/${name}.${index}.gz`, body: contentOf(gzip(log, { name: `${name}.${index}` })) });
      packed.flush();
    }
  }
  tar.end(draft.acuppdTail);
  packed.end();
}

function packDump(
  draft: Draft,
  dump: Dump,
  file: Sink & { readonly size: number },
  rng: Rng,
  pool: Buffer[],
  share: number,
): void {
  const grown = share > 0 ? pages(share / MEMORY_RATIO) : 0;
  if (dump.payload === 'memory') {
    for (const member of dump.members) file.write(member.body);
    for (const chunk of memory(rng, pool, grown).chunks()) file.write(chunk);
    return;
  }
  const whole = new BufferSink();
  const packed = dump.payload === 'gzip-tar' ? new GzipWriter(file, { level: 6 }) : undefined;
  const tar = new TarWriter(packed ?? whole, draft.site.now);
  for (const member of dump.members) addDoc(tar, member, '');
  if (grown > 0) tar.add({ path: 'plat_dump/30.HypervisorData.mainstore', body: memory(rng, pool, grown) });
  tar.end();
  if (packed) packed.end();
  else file.write(zstd(whole.take()));
}

/** The last part is measured as it grows, so that the bundle ends close to the size asked for. */
function growPerformance(
  draft: Draft,
  tar: TarWriter,
  outer: GzipWriter,
  rng: Rng,
  limit: number,
  wrapper: string,
): void {
  const { site } = draft;
  let ratio = LOG_RATIO;
  for (let index = 0; ; index++) {
    outer.flush();
    const left = limit - outer.size;
    if (left < 3072 + limit * 0.002) return;
    const system = site.systems[index % site.systems.length] as (typeof site.systems)[number];
    const path = `${wrapper}var/adm/esa/performance/${stamp(site.now - index * 3600)}${String(index).padStart(4, '0')}/${system.type}-${system.model}_${system.serial}_${system.partitions[index % system.partitions.length]?.id}.pm_stats.send`;
    const size = Math.round(Math.max(2048, Math.min(LARGEST, (left / ratio) * 0.9)));
    const body = logOfSize(
      rng.fork(`stats${index}`),
      site.now - (index + 1) * 3600,
      size,
      statsLine(rng.fork(`line${index}`), site),
    );
    const before = outer.size;
    addDoc(tar, { ...text('growth', path, []), body }, '');
    outer.flush();
    ratio = Math.max(0.05, (outer.size - before) / size);
  }
}

function addDoc(tar: TarWriter, doc: Doc, wrapper: string): void {
  const path = wrapper + doc.path;
  if (doc.link === undefined) tar.add({ path, body: contentOf(packed(doc)), ...(doc.pax ? { pax: doc.pax } : {}) });
  else tar.add({ path, link: doc.link });
}

function packed(doc: Doc): Buffer {
  if (doc.form !== 'gzip') return doc.body;
  const bytes = gzip(doc.body, { name: doc.gzipName, comment: doc.gzipComment });
  return bytes.subarray(0, bytes.length - (doc.cut ?? 0));
}

const pages = (bytes: number): number => Math.max(1, Math.floor(bytes / 4096)) * 4096;

const joined = (head: Buffer, rest: Content): Content => ({
  size: head.length + rest.size,
  *chunks() {
    yield head;
    yield* rest.chunks();
  },
});
