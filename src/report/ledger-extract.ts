import { readCatalogFile } from '../catalog/index.ts';
import type { LedgerExtract } from './options.ts';

/**
 * Reads what a ledger says about one result.
 * @throws DataError with file, line and pointer if it does not validate
 */
export function readLedgerExtract(path: string): LedgerExtract {
  return readCatalogFile<LedgerExtract>(path, 'ledger-extract').value;
}
