import fc from 'fast-check';

/**
 * Property tests draw the same cases in every run, so that a change is to blame for a failure; FC_SEED draws others.
 * Long runs outside CI use it with many seeds.
 */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['FC_SEED'] ?? 20261123) });
