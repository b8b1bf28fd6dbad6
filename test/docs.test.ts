import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'vitest';

const root = join(import.meta.dirname, '..');

test('the reference is what the code says', () => {
  execFileSync(process.execPath, [join(root, 'scripts', 'docs.js'), '--check'], { cwd: root, stdio: 'pipe' });
});
