import { createRequire } from 'node:module';
import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js';
import type { Problem } from '../catalog/index.ts';

let ajv: Ajv2020 | undefined;
const compiled = new WeakMap<object, ValidateFunction>();

/** Violations of a validator's own schema in the arguments of a call; `{}` as schema means it takes none. */
export function argumentProblems(schema: object, args: Readonly<Record<string, unknown>>, pointer: string): Problem[] {
  // Compiling a schema takes milliseconds, and most calls have no argument to check.
  if (Object.keys(args).length === 0 && !('required' in schema)) return [];
  let check = compiled.get(schema);
  if (!check) {
    ajv ??= loadAjv();
    const takesNone = Object.keys(schema).length === 0;
    check = ajv.compile(takesNone ? { type: 'object', additionalProperties: false } : schema);
    compiled.set(schema, check);
  }
  if (check(args)) return [];
  return (check.errors ?? []).map((error) => {
    const extra = (error.params as Record<string, unknown>)['additionalProperty'];
    if (extra !== undefined) return { pointer: `${pointer}/${String(extra)}`, message: `unknown argument "${extra}"` };
    return { pointer: pointer + error.instancePath, message: error.message ?? error.keyword };
  });
}

/** Only where something is to be checked: loading it takes longer than compiling the rules. */
function loadAjv(): Ajv2020 {
  const { Ajv2020: Ajv } = createRequire(import.meta.url)('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  return new Ajv({ allErrors: true, strict: false });
}
