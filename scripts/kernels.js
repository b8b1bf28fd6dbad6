// Compiles the AssemblyScript kernels: src/<room>/kernel/<name>.ts -> src/<room>/<name>.wasm (committed).
// A kernel's entry file exports functions; files it imports lie in a sub-folder of kernel/ and are not entries.
// `--check` compiles into memory and compares: the committed bytes must be what the sources give.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const src = join(dirname(dirname(fileURLToPath(import.meta.url))), 'src');
const check = process.argv.includes('--check');
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));

const kernels = readdirSync(src).flatMap((room) => {
  const folder = join(src, room, 'kernel');
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith('.ts'))
      .map((file) => ({ room, name: file.slice(0, -3) }));
  } catch {
    return [];
  }
});
if (kernels.length === 0) throw new Error('no kernel found');

for (const { room, name } of kernels) {
  if (only.length > 0 && !only.includes(name)) continue;
  const target = join(src, room, `${name}.wasm`);
  const out = check ? join(tmpdir(), `${room}-${name}-${process.pid}.wasm`) : target;
  const flags = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', '--importMemory'];
  const { error, stderr } = await asc.main([join(src, room, 'kernel', `${name}.ts`), '--outFile', out, ...flags]);
  if (error) {
    process.stderr.write(`${stderr.toString()}\n`);
    process.exitCode = 1;
    continue;
  }
  if (check) {
    const same = readFileSync(out).equals(readFileSync(target));
    rmSync(out);
    if (!same) {
      process.stderr.write(`${room}/${name}.wasm is not what its source gives: run npm run kernels\n`);
      process.exitCode = 1;
    }
  }
  process.stdout.write(`${room}/${name}: ${check ? 'compared' : 'compiled'}\n`);
}
