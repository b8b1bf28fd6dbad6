import { validate } from '../../catalog/index.ts';
import { DataError } from '../../model/index.ts';
import type { CryptoObservation } from '../observation.ts';
import type { Adapter, Evidence } from '../observe.ts';

interface ObservationFile {
  readonly observations: readonly CryptoObservation[];
}

/** Observations as clearance writes them: `{"observations": [...]}`, or the bare list. */
export const observationsAdapter: Adapter = {
  type: 'observations',
  version: '1',
  detect: ({ text }) => /^\s*(?:\{[^[]*?"observations"\s*:|\[\s*\{)/.test(text.slice(0, 65_536)) && shaped(text),
  read: readObservations,
};

function shaped(text: string): boolean {
  const list = parsed(text);
  const first = list?.[0] as Partial<CryptoObservation> | undefined;
  return (
    list !== undefined && (list.length === 0 || (typeof first?.layer === 'string' && typeof first.role === 'string'))
  );
}

function parsed(text: string): readonly unknown[] | undefined {
  try {
    const value = JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) as ObservationFile | unknown[];
    const list = Array.isArray(value) ? value : value.observations;
    return Array.isArray(list) ? list.map(withoutNulls) : undefined;
  } catch {
    return undefined;
  }
}

/** Writers that cannot leave a field out write null. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([key, field]) => [key, withoutNulls(field)]),
  );
}

/** @throws DataError where the file is ours by shape and not by schema: the operator wrote it */
function readObservations({ text, name }: Evidence): CryptoObservation[] {
  const list = parsed(text);
  if (list === undefined)
    throw new DataError(`${name} holds no observations`, [{ file: name, message: 'not JSON, or no list' }]);
  const problems = validate('crypto-observations', list);
  if (problems.length > 0) {
    const shown = problems.slice(0, 20).map(({ pointer, message }) => ({ file: name, pointer, message }));
    throw new DataError(`${name} is not a list of observations`, shown, [
      'see schemas/crypto-observations.schema.json',
    ]);
  }
  return list.map((one, at) => ({
    id: `o${at + 1}`,
    subject: {},
    state: 'observed' as const,
    source: { adapter: 'observations', version: '1' },
    ...(one as Partial<CryptoObservation> & Pick<CryptoObservation, 'layer' | 'role'>),
  }));
}
