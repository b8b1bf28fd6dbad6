import { binary, text } from './draft.ts';
import { elfCore } from './elf-core.ts';
import { client, customers, file, type Leak, leak, personal, ud } from './leak.ts';
import { memory, pagePool } from './memory.ts';
import { iban, password, pemKey } from './secrets.ts';
import { sqliteFile } from './sqlite-file.ts';
import { zip } from './zip-writer.ts';

/** Leaks in names and archive headers, files that must not be there, files that cannot be read. */
export const FILES: readonly Leak[] = [
  file(
    'name-email',
    'ud',
    'pii.email',
    'file named after a client',
    ({ rng }) => text('named', `${ud}/${client(rng).email}.txt`, ['ticket closed']),
    { ...personal, where: 'name' },
  ),
  file(
    'link-target',
    'ud',
    'pii.email',
    'link to a file named after a client',
    ({ rng }) => ({ ...text('link', `${ud}/latest`, []), link: `mail-${client(rng).email}` }),
    { ...personal, where: 'link-target' },
  ),
  leak(
    'gzip-name',
    'messages-gz',
    'pii.email',
    'original name in a gzip header',
    ({ at, rng }) => {
      at.doc.gzipName = `messages-${client(rng).email}.log`;
      return at.chain;
    },
    { ...personal, where: 'gzip-name' },
  ),
  leak(
    'gzip-comment',
    'messages-gz',
    'secret.password',
    'comment in a gzip header',
    ({ at, rng }) => {
      at.doc.gzipComment = `scp password=${password(rng)}`;
      return at.chain;
    },
    { where: 'archive-comment' },
  ),
  leak(
    'pax-comment',
    'hosts',
    'secret.password',
    'comment in a pax header',
    ({ at, rng }) => {
      at.doc.pax = { comment: `restored with password=${password(rng)}` };
      return at.chain;
    },
    { where: 'pax-header', movable: true },
  ),
  file(
    'zip-comment',
    'ud',
    'pii.email',
    'comment of a zip archive',
    ({ rng }) =>
      binary(
        'zip-comment',
        `${ud}/traces.zip`,
        zip([{ name: 'trace.txt', body: Buffer.from('no events\n') }], `packed for ${client(rng).email}`),
      ),
    { ...personal, where: 'archive-comment' },
  ),
  leak(
    'tar-tail',
    'messages',
    'secret.private-key',
    'private key after the end of an archive',
    ({ draft, rng }) => {
      draft.acuppdTail = Buffer.from(pemKey(rng));
      return ['acuppd.tgz'];
    },
    { where: 'tail' },
  ),
  // Files that must not be there
  file(
    'undocumented-file',
    'problems',
    'file.undocumented',
    'a file the paper does not name',
    () => text('undocumented', 'notes.txt', ['status of the installation: complete']),
    { reasons: ['undocumented-file'] },
  ),
  file(
    'undocumented-core',
    'problems',
    'file.undocumented',
    'core of a program at the top level',
    ({ rng, site }) =>
      binary(
        'stray-core',
        'core.oracle.4711',
        Buffer.concat([
          ...elfCore(
            { name: 'oracle', args: 'oraclePROD', pid: 4711 },
            memory(rng, pagePool(rng, site, 16), 16384),
          ).chunks(),
        ]),
      ),
    { reasons: ['undocumented-file', 'forbidden-file'] },
  ),
  file(
    'shell-history',
    'problems',
    'file.undocumented',
    'history of a shell',
    ({ rng }) =>
      text('history', 'home/hscroot/.bash_history', ['lshmc -V', `sshpass -p ${password(rng)} ssh padmin@vios1`]),
    { reasons: ['undocumented-file', 'client-data', 'forbidden-file'] },
  ),
  file(
    'sql-dump',
    'ud',
    'content.database',
    'dump of a database',
    ({ rng }) =>
      text('sql', `${ud}/payroll.sql`, [
        '-- MySQL dump 10.13  Distrib 5.6.37, for Linux (x86_64)',
        '-- Host: erp01    Database: payroll',
        'DROP TABLE IF EXISTS `employee`;',
        'CREATE TABLE `employee` (',
        '  `id` int(11) NOT NULL,',
        '  `last_name` varchar(80) DEFAULT NULL,',
        '  `iban` varchar(34) DEFAULT NULL,',
        '  PRIMARY KEY (`id`)',
        ') ENGINE=InnoDB DEFAULT CHARSET=utf8;',
        ...Array.from(
          { length: 30 },
          (_, i) => `INSERT INTO \`employee\` VALUES (${i},'${client(rng).last}','${iban(rng)}');`,
        ),
      ]),
    { reasons: ['client-data', 'forbidden-file'] },
  ),
  file(
    'mailbox',
    'ud',
    'content.mail',
    'mailbox of a user',
    ({ rng }) => {
      const [from, to] = [client(rng), client(rng)];
      return text(
        'mbox',
        `${ud}/mbox`,
        Array.from({ length: 3 }, (_, i) => [
          `From ${from.email} Mon Dec  4 06:1${i}:09 2017`,
          `Date: Mon, 04 Dec 2017 06:1${i}:09 +0100`,
          `From: ${from.first} ${from.last} <${from.email}>`,
          `To: ${to.first} ${to.last} <${to.email}>`,
          `Message-ID: <${rng.hex(16)}@${from.email.split('@')[1]}>`,
          'Subject: contract renewal',
          '',
          'Please find the offer as discussed.',
          '',
        ]).flat(),
      );
    },
    { reasons: ['client-data', 'undocumented-disclosure', 'forbidden-file'] },
  ),
  file(
    'sqlite-db',
    'ud',
    'content.database',
    'SQLite database with clients',
    ({ rng }) =>
      binary(
        'sqlite',
        `${ud}/contacts.db`,
        sqliteFile(
          'contacts',
          ['name', 'email', 'iban'],
          Array.from({ length: 24 }, () => {
            const p = client(rng);
            return [`${p.first} ${p.last}`, p.email, iban(rng)];
          }),
        ),
      ),
    { reasons: ['client-data', 'undocumented-disclosure', 'forbidden-file'] },
  ),
  file('customer-table', 'ud', 'pii.bank-account', 'table of clients as CSV', ({ rng }) =>
    text('csv', `${ud}/export.csv`, customers(rng, 40).trimEnd().split('\n')),
  ),
  // What cannot be read
  file(
    'encrypted-zip',
    'ud',
    'unread',
    'encrypted zip',
    ({ rng }) =>
      binary(
        'encrypted',
        `${ud}/save.zip`,
        zip([{ name: 'save.dat', body: Buffer.from(customers(rng, 5)), password: password(rng) }]),
      ),
    { verdict: 'incomplete', reasons: ['unread-content'] },
  ),
  leak(
    'truncated-gzip',
    'messages-gz',
    'unread',
    'rotated log cut off in the middle',
    ({ at }) => {
      at.doc.cut = 900;
      return at.chain;
    },
    { verdict: 'incomplete', reasons: ['unread-content'] },
  ),
];
