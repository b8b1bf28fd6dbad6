import { UsageError } from '../model/index.ts';
import type { Inventory } from './inventory.ts';

/**
 * The platform as given, once it is one of the inventory's.
 * @throws UsageError that lists the known ones
 */
export function knownPlatform(inventory: Inventory, platform: string | undefined): string | undefined {
  if (platform === undefined || inventory.platforms.some(({ id }) => id === platform)) return platform;
  throw new UsageError(`${inventory.identity.id} knows no platform "${platform}"`, [
    `known platforms: ${inventory.platforms.map(({ id }) => id).join(', ') || 'none'}`,
  ]);
}
