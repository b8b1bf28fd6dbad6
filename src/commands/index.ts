/** One thin command each; oclif finds them here under their names. Heavy rooms are imported inside `run()`. */
export const commands = {};
