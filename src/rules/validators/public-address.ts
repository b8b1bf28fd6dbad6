import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../catalog/index.ts';
import type { Validator } from './validator.ts';

let published: ReadonlySet<string> | undefined;

function publicAddresses(): ReadonlySet<string> {
  published ??= new Set(
    readFileSync(join(packageRoot, 'catalog', 'public-addresses.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
  return published;
}

/** Tells addresses of public software projects, which every system's programs print, from those of people. */
export const PUBLIC_ADDRESS: Validator = {
  name: 'public-address',
  source: 'catalog/public-addresses.txt',
  strength: 'weak',
  arguments: {},
  check: (value) => {
    const address = value.toLowerCase();
    const list = publicAddresses();
    if (list.has(address)) return 'test-value';
    for (let at = address.indexOf('@'); at >= 0; at = address.indexOf('.', at + 1)) {
      if (list.has(address.slice(at + 1))) return 'test-value';
    }
    return 'valid';
  },
};
