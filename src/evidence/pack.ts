import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { canonicalJson, UsageError } from '../model/index.ts';
import type { ActContext } from './acts.ts';
import { sha256 } from './digest.ts';
import { readEvents } from './events.ts';
import type { LedgerEntry } from './ledger-reader.ts';
import { instructions } from './pack-text.ts';
import { proveInclusion } from './proof.ts';
import type { ResultFile } from './result-file.ts';
import { storedZip } from './stored-zip.ts';
import { createWhole } from './whole-file.ts';

export interface PackSources {
  readonly result: string;
  readonly reports: readonly string[];
  readonly attestation?: string | undefined;
}

/**
 * Writes the pack as a folder, or as a zip archive where the name ends so, whole or not at all. `missing` names what a complete pack would have; it is also in
 * MANIFEST.json and in the first line of the README, so that a partial pack never passes for a complete one.
 */
export function writePack(
  { ledger, trust, policy }: ActContext,
  result: ResultFile,
  sources: PackSources,
  to: string,
): { readonly files: number; readonly missing: readonly string[] } {
  if (existsSync(to)) throw new UsageError(`${to} exists already`, ['name a folder or archive that does not']);
  const payload = result.head.payloads[0];
  const events = readEvents(
    ledger,
    trust,
    (subject, type) => type === 'key' || subject.digest.sha256 === payload?.sha256,
  );
  const about = events.filter(
    (event) =>
      event.type === 'key' || (event.type === 'audit' ? event.audit.result.sha256 : event.act.result) === result.sha256,
  );
  const files = new Map<string, Buffer>([['result.json', readFileSync(sources.result)]]);
  for (const path of sources.reports) files.set(`reports/${basename(path)}`, readFileSync(path));
  const audit = about.findLast((event) => event.type === 'audit');
  if (sources.attestation !== undefined) files.set('attestation.dsse.json', readFileSync(sources.attestation));
  else if (audit) files.set('attestation.dsse.json', envelopeAt(ledger.entryBytes(audit.seq)));
  for (const event of about) {
    const name = `ledger/${String(event.seq).padStart(8, '0')}-${event.type}`;
    files.set(`${name}.dsse.json`, envelopeAt(ledger.entryBytes(event.seq)));
    files.set(`${name}.proof.json`, Buffer.from(canonicalJson(proveInclusion(ledger, event.seq))));
  }
  files.set('ledger/checkpoint', readFileSync(join(ledger.dir, 'checkpoint')));
  files.set('ledger/ledger.json', readFileSync(join(ledger.dir, 'ledger.json')));
  files.set('approval-policy.json', Buffer.from(canonicalJson(policy)));
  for (const key of trust.content.keys) files.set(`keys/${key.keyid}.pub`, Buffer.from(key.publicKey));
  files.set('keys/trust.json', Buffer.from(canonicalJson(trust.content)));
  const missing = [
    ...(sources.reports.length === 0 ? ['a report (--report)'] : []),
    ...(files.has('attestation.dsse.json') ? [] : ['the attestation']),
    ...(about.some((event) => event.type === 'approve') ? [] : ['an approval']),
    ...(about.some((event) => event.type === 'release') ? [] : ['a release']),
  ];
  files.set('README.md', Buffer.from(instructions({ payload, result: result.sha256, missing, auditor: keyOf(files) })));
  const manifest = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => ({ path, size: bytes.length, sha256: sha256(bytes) }));
  files.set(
    'MANIFEST.json',
    Buffer.from(
      canonicalJson({ schema: 'clearance.pack/1', complete: missing.length === 0, missing, files: manifest }),
    ),
  );
  files.set('SHA256SUMS', Buffer.from(manifest.map((file) => `${file.sha256}  ${file.path}\n`).join('')));
  if (to.endsWith('.zip')) createWhole(to, storedZip(files), 0o600);
  else writeFolder(files, to);
  return { files: files.size, missing };
}

const envelopeAt = (entry: Buffer): Buffer =>
  Buffer.from(canonicalJson((JSON.parse(entry.toString('utf8')) as LedgerEntry).envelope));

function keyOf(files: ReadonlyMap<string, Buffer>): string {
  const envelope = files.get('attestation.dsse.json');
  return envelope ? String(JSON.parse(envelope.toString('utf8')).signatures?.[0]?.keyid) : '';
}

function writeFolder(files: ReadonlyMap<string, Buffer>, to: string): void {
  const temporary = `${to}.${process.pid}.tmp`;
  try {
    for (const [path, bytes] of files) {
      mkdirSync(join(temporary, path, '..'), { recursive: true, mode: 0o700 });
      writeFileSync(join(temporary, path), bytes, { mode: 0o600, flag: 'wx' });
    }
    renameSync(temporary, to);
  } catch (cause) {
    rmSync(temporary, { recursive: true, force: true });
    throw cause;
  }
}
