import { binary } from './draft.ts';
import { ebcdic } from './ebcdic.ts';
import { gzip } from './gzip-writer.ts';
import { client, customers, file, iqyy, type Leak, leak, personal, slog, ud, value } from './leak.ts';
import { plant } from './plant.ts';
import { card, password, pemKey } from './secrets.ts';
import { BufferSink, contentOf } from './sink.ts';
import { TarWriter } from './tar-writer.ts';
import { zip } from './zip-writer.ts';

/** Client data in another encoding, or inside archives inside archives. */
export const ENCODED: readonly Leak[] = [
  value(
    'utf16-core',
    'core',
    'secret.connection-string',
    'connection string in UTF-16, as Java and Windows keep it',
    ({ rng, site }) =>
      Buffer.from(
        `jdbc:oracle:thin:scott/${password(rng).replace(/[#%+]/, '_')}@${site.net}.31:1521/ORCL;password=${password(rng)};`,
        'utf16le',
      ),
    { view: 'utf-16le' },
  ),
  value(
    'utf16be-dump',
    'fspdump',
    'pii.email',
    'client records in UTF-16 big endian',
    ({ rng }) =>
      Buffer.from(
        Array.from({ length: 5 }, () => client(rng))
          .map((p) => `${p.first} ${p.last} <${p.email}>`)
          .join('\n'),
        'utf16le',
      ).swap16(),
    { view: 'utf-16be' },
  ),
  value(
    'ebcdic-dump',
    'sysdump',
    'pii.email',
    'client records of an IBM i partition in EBCDIC',
    ({ rng }) =>
      ebcdic(
        Array.from({ length: 4 }, () => client(rng))
          .map((p) => `CUSTNO ${rng.digits(8)} NAME ${p.last} EMAIL ${p.email} CARD ${card(rng)}   `)
          .join(''),
      ),
    { view: 'ebcdic-037' },
  ),
  value(
    'base64-log',
    'iqyylog',
    'secret.private-key',
    'private key in base64 on one line',
    (scene) => iqyy(scene, `CFG  keystore.blob=${Buffer.from(pemKey(scene.rng)).toString('base64')}`),
    { view: 'base64>utf-8' },
  ),
  value(
    'base64-utf16',
    'hmclog',
    'secret.connection-string',
    'base64 of UTF-16, as encoded shell commands have it',
    ({ rng }) =>
      `cmd -enc ${Buffer.from(`connect Server=erp01;User Id=sa;Password=${password(rng)};`, 'utf16le').toString('base64')}`,
    { view: 'base64>utf-16le' },
  ),
  value(
    'gzip-base64',
    'messages',
    'pii.bank-account',
    'table of clients, gzip in base64',
    (scene) => slog(scene, `mgmtsrv: payload=${gzip(Buffer.from(customers(scene.rng, 12))).toString('base64')}`),
    { view: 'base64>gzip>utf-8' },
  ),
  value(
    'hex-trace',
    'showtracebuf',
    'secret.connection-string',
    'connection string as hexadecimal digits',
    ({ rng }) =>
      `1512366000.118211 1f3c NETC data=${Buffer.from(`Server=erp01;User Id=sa;Password=${password(rng)};`).toString('hex')}`,
    { view: 'hex>utf-8' },
  ),
  value(
    'percent-log',
    'iqyylog',
    'pii.email',
    'form data in percent encoding',
    (scene) =>
      iqyy(scene, `POST body=${encodeURIComponent(`user=${client(scene.rng).email}&password=${password(scene.rng)}`)}`),
    { ...personal, view: 'percent>utf-8' },
  ),
  // Nesting
  leak(
    'zip-in-tgz-in-dump',
    'bmcdump',
    'pii.bank-account',
    'table of clients in a zip in a tgz in the tar of a dump',
    ({ draft, at, rng }) => {
      const inner = new BufferSink();
      const tar = new TarWriter(inner, draft.site.now);
      tar.add({
        path: 'export/customers.zip',
        body: contentOf(zip([{ name: 'customers.csv', body: Buffer.from(customers(rng, 20)) }])),
      });
      tar.end();
      const dump = draft.dumps.find((candidate) => candidate.path === at.chain[0]);
      dump?.members.push(binary('nested', 'bmc/extra.tgz', gzip(inner.take())));
      return [at.chain[0] as string, 'bmc/extra.tgz', 'export/customers.zip', 'customers.csv'];
    },
  ),
  file('zip-in-ud', 'ud', 'pii.bank-account', 'table of clients in a zip', ({ rng }) =>
    binary('zip', `${ud}/report.zip`, zip([{ name: 'q4/customers.csv', body: Buffer.from(customers(rng, 20)) }])),
  ),
  leak('rotated-log', 'messages-gz', 'secret.password', 'password in a rotated log', (scene) => {
    plant(
      scene.at.doc,
      slog(
        scene,
        `root: smbclient //${scene.site.net}.9/backup -U svc_hmc%${password(scene.rng).replace('%', '_')} --password=${password(scene.rng)}`,
      ),
      scene.rng,
    );
    return scene.at.chain;
  }),
];
