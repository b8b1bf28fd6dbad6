#!/usr/bin/env node
import { existsSync } from 'node:fs';

// Set before anything is loaded: an interrupt has its own exit code however early it comes.
process.once('SIGINT', () => process.exit(130));

// What the command line reads first, of what the build writes.
if (!existsSync(new URL('../dist/program.json', import.meta.url))) {
  process.stderr.write('clearance: error: this checkout is not built\nclearance: hint: run: npm run build\n');
  process.exit(2);
}

const { main } = await import('../dist/cli/main.js');
await main(process.argv.slice(2));
