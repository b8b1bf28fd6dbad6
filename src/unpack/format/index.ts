/** The registry: formats in the order they are tried, by content. */
import type { Format } from '../box.ts';
import { ar } from './ar.ts';
import { CODEC_FORMATS } from './codecs.ts';
import { cpio } from './cpio.ts';
import { dump } from './dump.ts';
import { gzip } from './gzip.ts';
import { journal } from './journal.ts';
import { pdf } from './pdf.ts';
import { rpm } from './rpm.ts';
import { rtf } from './rtf.ts';
import { SEVEN_ZIP_FORMATS } from './seven-zip.ts';
import { sqlite, sqliteWal } from './sqlite.ts';
import { tar } from './tar.ts';
import { uuencode } from './uuencode.ts';
import { zip } from './zip.ts';

export const FORMATS: readonly Format[] = [
  gzip,
  tar,
  ...CODEC_FORMATS,
  cpio,
  ar,
  rpm,
  uuencode,
  zip,
  ...SEVEN_ZIP_FORMATS,
  pdf,
  rtf,
  sqlite,
  sqliteWal,
  journal,
  dump,
];
