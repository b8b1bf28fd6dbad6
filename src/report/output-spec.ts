import { UsageError } from '../model/index.ts';
import { FORMATS, type Format, isFormat } from './formats.ts';

export interface OutputSpec {
  readonly format: Format;
  readonly path: string;
}

/**
 * Reads `FORMAT=PATH`.
 * @throws UsageError that lists the formats, or names a path given twice
 */
export function parseOutputs(words: readonly string[]): OutputSpec[] {
  const outputs = words.map((word) => {
    const at = word.indexOf('=');
    const [format, path] = [word.slice(0, at), word.slice(at + 1)];
    if (at < 1 || path === '' || !isFormat(format)) {
      throw new UsageError(`cannot use -o ${word}`, [
        'write it as FORMAT=PATH, for example -o pdf=report.pdf',
        `formats: ${Object.keys(FORMATS).join(', ')}`,
      ]);
    }
    return { format, path };
  });
  const paths = outputs.map(({ path }) => path);
  const twice = paths.find((path, at) => paths.indexOf(path) !== at);
  if (twice !== undefined) throw new UsageError(`two outputs would be written to ${twice}`, ['name each path once']);
  return outputs;
}
