/** Realistic call-home bundles, clean or with known leaks, so that the auditor is tried on what it will meet. */
export { LEAKS } from './leaks.ts';
export { type PlantedLeak, type SampleOptions, type Truth, writeSample, writeTruth } from './write-sample.ts';
