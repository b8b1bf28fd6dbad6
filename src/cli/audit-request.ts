import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { AuditRequest } from '../audit.ts';
import { canonicalJson, type Limits, UsageError } from '../model/index.ts';
import { readFingerprintKey } from './fingerprint-key.ts';
import { loadSuppressions } from './suppressing-files.ts';

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
  /** Names are learned in a pass before. */
  readonly sweep: boolean;
  /** Other readers read tar and zip as well. */
  readonly secondReader: boolean;
  readonly waivers: string | undefined;
  readonly baseline: string | undefined;
  readonly asOf: string;
  readonly limits: Limits;
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
  const suppressions = await loadSuppressions(settings, policy.suppression);
  const deciding = {
    inventory: inventory?.identity ?? null,
    platform,
    packs: rules.packs,
    policy: policy.identity,
    crypto: cryptoPolicy.identity,
    transport: transport ?? null,
    asOf,
    limits,
    // Absent where not asked for, so that digests of audits without them stay the same.
    ...(settings.sweep && { sweep: true }),
    ...(settings.secondReader && { secondReader: true }),
    ...(suppressions?.waivers && { waivers: suppressions.waivers.sha256 }),
    ...(suppressions?.baseline && { baseline: suppressions.baseline.sha256 }),
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
    secondReader: settings.secondReader,
    fingerprintKey: keyFile === undefined ? undefined : readFingerprintKey(keyFile),
    suppressions,
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
