#!/usr/bin/env node
// Set before anything is loaded: an interrupt has its own exit code however early it comes.
process.once('SIGINT', () => process.exit(130));

const { main } = await import('../dist/cli/main.js');
await main(process.argv.slice(2));
