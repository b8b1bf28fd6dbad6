/** One thin command each; oclif finds them here under their names. Heavy rooms are imported inside `run()`. */
import Inspect from './inspect.ts';

export const commands = { inspect: Inspect };
