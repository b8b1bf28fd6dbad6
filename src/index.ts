/** The library's door. */
export type * from './model/index.ts';
