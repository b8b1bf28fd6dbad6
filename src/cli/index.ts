/** Base command, voice, configuration: how clearance talks to a person and to a shell. */
export { BaseCommand } from './base-command.ts';
export { limitFlags, limitsFrom } from './limit-flags.ts';
export { main } from './main.ts';
