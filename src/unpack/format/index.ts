/** The registry: formats in the order they are tried, by content. */
import type { Format } from '../box.ts';
import { CODEC_FORMATS } from './codecs.ts';
import { dump } from './dump.ts';
import { gzip } from './gzip.ts';
import { tar } from './tar.ts';
import { zip } from './zip.ts';

export const FORMATS: readonly Format[] = [gzip, tar, ...CODEC_FORMATS, zip, dump];
