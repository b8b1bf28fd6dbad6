import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Problem } from './document.ts';
import { packageRoot } from './package-root.ts';

const compiled = new Map<string, ValidateFunction>();

/** All violations of `schemas/<schema>.schema.json` (JSON Schema 2020-12) in `value`; empty if it is valid. */
export function validate(schema: string, value: unknown): Problem[] {
  let check = compiled.get(schema);
  if (check === undefined) {
    const path = join(packageRoot, 'schemas', `${schema}.schema.json`);
    const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
    check = ajv.compile(JSON.parse(readFileSync(path, 'utf8')));
    compiled.set(schema, check);
  }
  return check(value) ? [] : (check.errors ?? []).map(toProblem);
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
