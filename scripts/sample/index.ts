/** Realistic call-home bundles, clean or with known leaks, so that the auditor is tried on what it will meet. */
export { LEAKS } from './leaks.ts';
export { type Truth, writeSample } from './write-sample.ts';
