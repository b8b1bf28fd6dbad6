import { VALIDATORS } from '../../../src/rules/validators/index.ts';

/** Answer of a validator of the closed list. */
export function check(name: string, value: string, args: Record<string, unknown> = {}) {
  const validator = VALIDATORS.get(name);
  if (validator === undefined) throw new Error(`no validator ${name}`);
  return validator.check(value, args);
}
