import { Flags } from '@oclif/core';
import { UsageError } from '../model/index.ts';
import { asOfDate } from './as-of.ts';
import type { AuditSettings } from './audit-request.ts';
import { switched, variable } from './environment.ts';
import { limitFlags, limitsFrom, secondReaderFlag } from './limit-flags.ts';
import { listSetting, readConfig, setting } from './settings.ts';
import { suppressingFiles } from './suppressing-files.ts';

/** The options of an audit, wherever one is started from. */
export const auditFlags = {
  inventory: Flags.string({
    helpValue: 'ID|FILE',
    summary: 'What may be sent [default: ibm-hmc-860]; none skips matching.',
  }),
  platform: Flags.string({
    helpValue: 'ID',
    summary: 'The platform the payload is from, for example power or ds8000.',
  }),
  packs: Flags.string({
    multiple: true,
    delimiter: ',',
    helpValue: 'ID|FILE',
    summary: 'Rule packs [default: default].',
  }),
  policy: Flags.string({ helpValue: 'ID|FILE', summary: 'What holds a payload back [default: default].' }),
  'as-of': Flags.string({ helpValue: 'DATE', summary: 'The date the verdict speaks for [default: today, UTC].' }),
  transport: Flags.string({
    multiple: true,
    helpValue: 'FILE',
    summary: 'Evidence of the path it will leave on: tls scan --json output, configurations, certificates.',
  }),
  'crypto-policy': Flags.string({
    helpValue: 'ID|FILE',
    summary: 'What transport is judged by [default: nist-800-131a-r2].',
  }),
  each: Flags.boolean({ summary: 'Every file below a directory is a payload of its own.' }),
  'stdin-name': Flags.string({ summary: 'The name of the payload read from stdin [default: stdin].' }),
  config: Flags.string({
    helpValue: 'FILE',
    summary: 'Configuration [default: clearance.yaml here, if there is one].',
  }),
  waivers: Flags.string({ helpValue: 'FILE', summary: 'Findings that persons answer for until a date.' }),
  baseline: Flags.string({ helpValue: 'FILE', summary: 'An earlier result: only what is new counts.' }),
  'no-waivers': Flags.boolean({ summary: 'Apply no waiver, and no baseline but the one named here.' }),
  sweep: Flags.boolean({
    summary: 'Read payloads twice: names of hosts and users are learned first, then looked for in every entry.',
  }),
  'fingerprint-key': Flags.string({ helpValue: 'FILE', summary: 'Key (32 bytes or more, 0600) for fingerprints.' }),
  ...secondReaderFlag,
  ...limitFlags,
} as const;

interface AuditOptions {
  readonly inventory?: string | undefined;
  readonly platform?: string | undefined;
  readonly packs?: readonly string[] | undefined;
  readonly policy?: string | undefined;
  readonly 'as-of'?: string | undefined;
  readonly transport?: readonly string[] | undefined;
  readonly 'crypto-policy'?: string | undefined;
  readonly config?: string | undefined;
  readonly 'fingerprint-key'?: string | undefined;
  readonly sweep?: boolean | undefined;
  readonly 'second-reader'?: boolean | undefined;
  readonly waivers?: string | undefined;
  readonly baseline?: string | undefined;
  readonly 'no-waivers'?: boolean | undefined;
}

/**
 * Resolves flags, environment, configuration and defaults, in this order, into settings.
 * @throws UsageError, DataError
 */
export async function resolveAuditSettings(
  paths: readonly string[],
  flags: AuditOptions & Parameters<typeof limitsFrom>[0],
): Promise<AuditSettings> {
  if (paths.length === 0) {
    throw new UsageError('no payload was named', [
      'name files or directories, or - for stdin: clearance audit bundle.tgz',
    ]);
  }
  const config = readConfig(flags.config, paths);
  return {
    inventory: setting(flags.inventory, 'INVENTORY', config.inventory, 'ibm-hmc-860'),
    platform: setting(flags.platform, 'PLATFORM', config.platform, undefined),
    packs: listSetting(flags.packs, 'PACKS', config.packs, ['default']),
    policy: setting(flags.policy, 'POLICY', config.policy, 'default'),
    cryptoPolicy: setting(flags['crypto-policy'], 'CRYPTO_POLICY', config.cryptoPolicy, 'nist-800-131a-r2'),
    transport: listSetting(flags.transport, 'TRANSPORT', undefined, undefined),
    keyFile: setting(flags['fingerprint-key'], 'FINGERPRINT_KEY', config.fingerprintKey, undefined),
    sweep: sweeps(switched(flags.sweep, 'SWEEP'), paths),
    secondReader: switched(flags['second-reader'], 'SECOND_READER'),
    ...suppressingFiles(flags, config, paths),
    asOf: asOfDate(flags['as-of'] ?? variable('AS_OF')),
    limits: limitsFrom(flags, config.limits),
  };
}

function sweeps(flag: boolean, paths: readonly string[]): boolean {
  if (flag && paths.includes('-')) {
    throw new UsageError('--sweep reads payloads twice, and stdin can be read once', ['write it to a file first']);
  }
  return flag;
}
