import type { Inventory } from '../inventory/index.ts';
import type { ResultEntry, ResultHead, StoredResult } from '../model/index.ts';
import { judge, type Policy } from '../policy/index.ts';

/** Why a payload was not examined: the process that read it crashed, or a watchdog killed it. */
export type StopCode = 'audit-crashed' | 'over-memory' | 'over-time';

interface Request {
  readonly inventory: Inventory | null;
  readonly policy: Policy;
  readonly cryptoPolicy: { readonly identity: NonNullable<ResultHead['catalog']['crypto']> };
  readonly rules: { readonly packs: ResultHead['catalog']['packs'] };
  readonly asOf: string;
  readonly optionsSha256: string;
}

const DETAIL: Readonly<Record<StopCode, string>> = {
  'audit-crashed': 'the process that read it ended without a result',
  'over-memory': 'the process that read it used more memory than allowed and was stopped',
  'over-time': 'the process that read it used more time than allowed and was stopped',
};

/** The result of an audit that did not end: every payload is one entry that was not read. Never a pass. */
export function unexamined(
  request: Request,
  tool: ResultHead['tool'],
  payloads: readonly { readonly name: string; readonly size: number | null }[],
  code: StopCode,
): StoredResult {
  const entries = payloads.map(
    ({ name, size }): ResultEntry => ({
      path: [name],
      kind: 'file',
      size,
      sha256: null,
      media: 'application/octet-stream',
      coverage: 'unread',
      gaps: [{ code, detail: DETAIL[code] }],
      findings: [],
    }),
  );
  const { inventory, policy } = request;
  const { verdict, coverage } = judge(
    { entries, inventoryApplied: inventory !== null, transport: undefined },
    // The path it would leave on is beside the point: nothing of it was read.
    { ...policy, transport: { required: false } },
  );
  const head: ResultHead = {
    schema: 'clearance.result/1',
    asOf: request.asOf,
    tool,
    catalog: {
      inventory: inventory?.identity ?? null,
      packs: request.rules.packs,
      policy: policy.identity,
      crypto: request.cryptoPolicy.identity,
    },
    optionsSha256: request.optionsSha256,
    payloads: payloads.map(({ name, size }) => ({ name, size, sha256: null })),
    coverage,
    transport: { observations: [], verdicts: [] },
    verdict,
    reproducible: false,
  };
  return {
    head,
    entryCount: entries.length,
    entries: async function* () {
      yield* entries;
    },
  };
}
