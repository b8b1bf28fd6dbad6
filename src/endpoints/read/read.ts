import { looksLikeFlow, readFlow } from './flow.ts';
import { looksLikeIptablesList, readIptablesList } from './iptables-list.ts';
import { looksLikeIptablesSave, readIptablesSave } from './iptables-save.ts';
import { looksLikeLssysconn, readLssysconn } from './lssysconn.ts';
import { looksLikeNftables, readNftables } from './nftables.ts';
import type { Reading } from './reading.ts';
import { looksLikeSockets, readSockets } from './sockets.ts';
import { looksLikeSquidConf, readSquidConf } from './squid-conf.ts';
import { looksLikeSquidLog, readSquidLog } from './squid-log.ts';

/**
 * Reads what an administrator has, whatever it is, told by its content. `own` are the console's addresses, to leave other
 * machines' traffic out.
 * @returns undefined if it is nothing that is known, or is broken as a whole
 */
export function readEvidence(text: string, own: readonly string[]): Reading | undefined {
  if (looksLikeNftables(text)) {
    try {
      return readNftables(text);
    } catch {
      return undefined;
    }
  }
  if (looksLikeIptablesSave(text)) return readIptablesSave(text);
  if (looksLikeIptablesList(text)) return readIptablesList(text);
  if (looksLikeSquidConf(text)) return readSquidConf(text);
  if (looksLikeLssysconn(text)) return readLssysconn(text);
  if (looksLikeSockets(text)) return readSockets(text);
  if (looksLikeSquidLog(text)) return readSquidLog(text, own);
  if (looksLikeFlow(text)) return readFlow(text, own);
  return undefined;
}
