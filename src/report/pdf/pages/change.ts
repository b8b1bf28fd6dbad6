import type { ResultHead } from '../../../model/index.ts';
import type { Facts } from '../../facts.ts';
import { STATUS_WORDS } from '../../names.ts';
import { byteCount, integer, VERDICT } from '../../wording.ts';
import type { Book } from '../book.ts';
import type { Cell } from '../table.ts';
import { table } from '../table.ts';

/** Page 8: what is different from the report before. */
export const change = {
  name: 'change',
  title: 'Change since the last report',
  draw({ flow, head, facts, previous }: Book): void {
    flow.open(this.title, this.name);
    if (previous === undefined) {
      flow.callout(
        'plain',
        'No earlier result was given',
        'This report stands by itself. Give the result of the payload before it to see what changed.',
      );
      return;
    }
    const before = previous.head;
    flow.paragraph(
      `Compared with the result of ${before.payloads.map(({ name }) => name).join(', ') || 'an earlier payload'}, as of ${before.asOf}.`,
    );
    const row = (what: string, was: number, is: number, show = integer): Cell[] => [
      what,
      show(was),
      show(is),
      difference(was, is, show),
    ];
    table(
      flow,
      [
        { title: 'Measure', share: 0.4 },
        { title: 'Before', share: 0.2, align: 'right' },
        { title: 'Now', share: 0.2, align: 'right' },
        { title: 'Difference', share: 0.2, align: 'right' },
      ],
      [
        [
          'Verdict',
          VERDICT[before.verdict.outcome].word,
          VERDICT[head.verdict.outcome].word,
          before.verdict.outcome === head.verdict.outcome ? 'same' : 'changed',
        ],
        row('Entries', before.coverage.entries.seen, head.coverage.entries.seen),
        row('Bytes seen', before.coverage.bytes.seen, head.coverage.bytes.seen, byteCount),
        row('Unread entries', before.coverage.entries.unread, head.coverage.entries.unread),
        row('Entries outside the inventory', previous.facts.outsideTotal, facts.outsideTotal),
        row('Counting findings', previous.facts.countingTotal, facts.countingTotal),
      ],
    );
    basis(flow, before, head);
    items(flow, previous.facts, facts);
  },
};

function difference(was: number, is: number, show: (value: number) => string): string {
  if (was === is) return 'none';
  return is > was ? `+ ${show(is - was)}` : `- ${show(was - is)}`;
}

/** A change of the measure itself explains a change of the measurement. */
function basis(flow: Book['flow'], before: ResultHead, now: ResultHead): void {
  const list = ({ catalog, tool }: ResultHead): Map<string, string> =>
    new Map([
      ['tool', `${tool.version}, engine ${tool.engine.slice(0, 12)}`],
      [
        'inventory',
        catalog.inventory
          ? `${catalog.inventory.id} ${catalog.inventory.version}, ${catalog.inventory.sha256.slice(0, 12)}`
          : 'none',
      ],
      ['policy', `${catalog.policy.id} ${catalog.policy.version}, ${catalog.policy.sha256.slice(0, 12)}`],
      ...catalog.packs.map(({ id, version, sha256 }) => [`pack ${id}`, `${version}, ${sha256.slice(0, 12)}`] as const),
    ]);
  const [old, fresh] = [list(before), list(now)];
  const names = [...new Set([...old.keys(), ...fresh.keys()])].filter((name) => old.get(name) !== fresh.get(name));
  flow.h2('What it was measured by');
  if (names.length === 0) {
    flow.paragraph('Tool, inventory, policy and rule packs are the same: the two results can be compared directly.');
    return;
  }
  table(
    flow,
    [
      { title: 'Part', share: 0.24 },
      { title: 'Before', share: 0.38 },
      { title: 'Now', share: 0.38 },
    ],
    names.map((name) => [name, old.get(name) ?? 'not used', fresh.get(name) ?? 'not used']),
  );
}

function items(flow: Book['flow'], before: Facts, now: Facts): void {
  const names = [...new Set([...before.items.keys(), ...now.items.keys()])].sort();
  const rows = names.flatMap((name) => {
    const [was, is] = [before.items.get(name), now.items.get(name)];
    if (was?.entries === is?.entries && was?.bytes === is?.bytes) return [];
    const word = was === undefined ? 'new' : is === undefined ? 'gone' : 'changed';
    return [
      [
        name,
        STATUS_WORDS[(is ?? was)?.status ?? 'none'],
        word,
        `${integer(was?.entries ?? 0)} / ${byteCount(was?.bytes ?? 0)}`,
        `${integer(is?.entries ?? 0)} / ${byteCount(is?.bytes ?? 0)}`,
      ],
    ];
  });
  flow.h2('Items that appeared, changed or went');
  if (rows.length === 0) {
    flow.paragraph('None: every item has as many entries and bytes as before.');
    return;
  }
  table(
    flow,
    [
      { title: 'Item', share: 0.3 },
      { title: 'Status', share: 0.2 },
      { title: 'Change', share: 0.12 },
      { title: 'Before: entries / bytes', share: 0.19, align: 'right' },
      { title: 'Now: entries / bytes', share: 0.19, align: 'right' },
    ],
    rows,
  );
}
