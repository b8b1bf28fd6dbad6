import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ErrorObject, ValidateFunction } from 'ajv';
import type { Problem } from './document.ts';
import { packageRoot } from './package-root.ts';

const require = createRequire(import.meta.url);
const compiled = new Map<string, ValidateFunction>();

/** All violations of `schemas/<schema>.schema.json` (JSON Schema 2020-12) in `value`; empty if it is valid. */
export function validate(schema: string, value: unknown): Problem[] {
  let check = compiled.get(schema);
  if (check === undefined) {
    check = compile(readFileSync(join(packageRoot, 'schemas', `${schema}.schema.json`)));
    compiled.set(schema, check);
  }
  return check(value) ? [] : (check.errors ?? []).map(toProblem);
}

/** To load ajv and compile takes longer than most audits; the build did it for the schemas as they were then. */
function compile(schema: Uint8Array): ValidateFunction {
  try {
    return require(compiledFile(schema)) as ValidateFunction;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
  }
  const { Ajv2020 } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
  return new Ajv2020(AJV_OPTIONS).compile(JSON.parse(Buffer.from(schema).toString('utf8')));
}

export const AJV_OPTIONS = { allErrors: true, strict: true, allowUnionTypes: true } as const;

/** Where the build keeps the code of a schema, named for its bytes. */
export function compiledFile(schema: Uint8Array): string {
  const digest = createHash('sha256').update(schema).digest('hex');
  return join(packageRoot, 'dist', 'catalog', 'validators', `${digest}.cjs`);
}

function toProblem(error: ErrorObject): Problem {
  const params = error.params as Record<string, unknown>;
  if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
    const key = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
    const token = key.replaceAll('~', '~0').replaceAll('/', '~1');
    return { pointer: `${error.instancePath}/${token}`, message: `unknown key "${key}"` };
  }
  if (error.keyword === 'enum') {
    const allowed = (params['allowedValues'] as unknown[]).join(', ');
    return { pointer: error.instancePath, message: `must be one of: ${allowed}` };
  }
  return { pointer: error.instancePath, message: error.message ?? error.keyword };
}
