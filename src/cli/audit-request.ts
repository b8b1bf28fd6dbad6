import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Flags } from '@oclif/core';
import type { AuditRequest } from '../audit.ts';
import { canonicalJson, UsageError } from '../model/index.ts';
import type { Limits } from '../unpack/index.ts';
import { asOfDate } from './as-of.ts';
import { readFingerprintKey } from './fingerprint-key.ts';
import { limitFlags, limitsFrom } from './limit-flags.ts';
import { listSetting, readConfig, setting } from './settings.ts';

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
  'stdin-name': Flags.string({ default: 'stdin', summary: 'The name of the payload read from stdin.' }),
  config: Flags.string({
    helpValue: 'FILE',
    summary: 'Configuration [default: clearance.yaml here, if there is one].',
  }),
  'fingerprint-key': Flags.string({ helpValue: 'FILE', summary: 'Key (32 bytes or more, 0600) for fingerprints.' }),
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
  readonly each: boolean;
  readonly 'stdin-name': string;
  readonly config?: string | undefined;
  readonly 'fingerprint-key'?: string | undefined;
}

/** Everything that decides an audit but the payload, as plain data: another process can be given it. */
export interface AuditSettings {
  /** `none` skips matching. */
  readonly inventory: string;
  readonly platform: string | undefined;
  readonly packs: readonly string[];
  readonly policy: string;
  readonly cryptoPolicy: string;
  readonly transport: readonly string[] | undefined;
  readonly keyFile: string | undefined;
  readonly asOf: string;
  readonly limits: Limits;
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
    transport: flags.transport,
    keyFile: setting(flags['fingerprint-key'], 'FINGERPRINT_KEY', config.fingerprintKey, undefined),
    asOf: asOfDate(flags['as-of'] ?? process.env['CLEARANCE_AS_OF']),
    limits: await limitsFrom(flags, config.limits),
  };
}

/**
 * Loads what settings name: inventory, packs, policies, evidence, key.
 * @throws UsageError, DataError
 */
export async function loadAuditRequest(
  settings: AuditSettings,
  payloads: AuditRequest['payloads'],
  version: string,
): Promise<AuditRequest> {
  const { platform, asOf, limits, keyFile } = settings;
  const [{ loadInventory }, { loadRulePacks }, { loadPolicy }, { loadCryptoPolicy, observeAll }, { endpointsFor }] =
    await Promise.all([
      import('../inventory/index.ts'),
      import('../rules/index.ts'),
      import('../policy/index.ts'),
      import('../crypto/index.ts'),
      import('../endpoints/index.ts'),
    ]);
  const inventory = settings.inventory === 'none' ? null : loadInventory(settings.inventory);
  if (platform !== undefined && inventory && !inventory.platforms.some(({ id }) => id === platform)) {
    const known = inventory.platforms.map(({ id }) => id).join(', ');
    throw new UsageError(`inventory ${inventory.identity.id} knows no platform "${platform}"`, [
      `known platforms: ${known}`,
    ]);
  }
  const rules = loadRulePacks(settings.packs);
  if (rules.rules.length === 0)
    throw new UsageError('no rule was loaded', ['name packs that hold rules: --packs default']);
  const policy = loadPolicy(settings.policy);
  const cryptoPolicy = loadCryptoPolicy(settings.cryptoPolicy);
  const transport = settings.transport && (await observeAll(settings.transport.map(readEvidence)));
  const deciding = {
    inventory: inventory?.identity ?? null,
    platform,
    packs: rules.packs,
    policy: policy.identity,
    crypto: cryptoPolicy.identity,
    transport: transport ?? null,
    asOf,
    limits,
  };
  return {
    payloads,
    inventory,
    platform,
    rules,
    policy,
    cryptoPolicy,
    transport,
    endpoints: inventory ? endpointsFor(inventory.identity.id, inventory.endpoints) : undefined,
    asOf,
    limits,
    fingerprintKey: keyFile === undefined ? undefined : readFingerprintKey(keyFile),
    tool: { name: 'clearance', version },
    optionsSha256: createHash('sha256').update(canonicalJson(deciding)).digest('hex'),
  };
}

function readEvidence(path: string): { name: string; bytes: Uint8Array } {
  try {
    return { name: basename(path), bytes: readFileSync(path) };
  } catch (cause) {
    throw new UsageError(`--transport: cannot read ${path} (${(cause as NodeJS.ErrnoException).code})`, [
      'name files that exist and may be read',
    ]);
  }
}
