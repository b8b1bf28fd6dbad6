import { COVERAGE_WORDS, shownEntry } from '../../names.ts';
import { byteCount, integer, percent } from '../../wording.ts';
import type { Book } from '../book.ts';
import { coverageBar } from '../coverage-bar.ts';
import { STYLE } from '../flow.ts';
import { table } from '../table.ts';

/** Page 6: how far the examination reached, by what means, and every place it did not reach. */
export const coverage = {
  name: 'coverage',
  title: 'Coverage and method',
  draw({ flow, head, facts, options }: Book): void {
    flow.open(this.title, this.name);
    flow.paragraph(
      `${
        head.coverage.entries.unread === 0
          ? 'Every archive was opened through all its levels, every entry hashed'
          : 'Archives were opened, and entries hashed, as far as they could be read'
      }${head.catalog.inventory === null ? '' : ', compared with the inventory'} and scanned in all byte views. How far each entry ` +
        'could be read is said by one of four words.',
    );
    coverageBar(flow, head.coverage.bytes, head.coverage.entries);
    flow.space(8);
    table(
      flow,
      [
        { title: 'Word', share: 0.14 },
        { title: 'Meaning', share: 0.42 },
        { title: 'Entries', share: 0.14, align: 'right' },
        { title: 'Bytes', share: 0.16, align: 'right' },
        { title: 'Share', share: 0.14, align: 'right' },
      ],
      (['decoded', 'raw', 'opened', 'unread'] as const).map((word) => [
        word === 'unread' && head.coverage.entries.unread > 0 ? { text: word, tone: 'bad' as const } : word,
        COVERAGE_WORDS[word],
        integer(head.coverage.entries[word]),
        byteCount(head.coverage.bytes[word]),
        percent(head.coverage.bytes[word], head.coverage.bytes.seen),
      ]),
    );
    flow.h2('Rule packs');
    table(
      flow,
      [
        { title: 'Pack', share: 0.25 },
        { title: 'Version', share: 0.14 },
        { title: 'SHA-256 of the file', share: 0.61, face: 'mono' },
      ],
      head.catalog.packs.map(({ id, version, sha256 }) => [id, version, sha256]),
    );
    if (facts.gaps.size === 0) {
      flow.callout(
        'good',
        'Nothing was left out',
        'No entry has a gap: no limit was reached, nothing was encrypted, cut or unsupported.',
      );
      return;
    }
    flow.h2('Gaps by kind');
    table(
      flow,
      [
        { title: 'Code', share: 0.6 },
        { title: 'How often', share: 0.4, align: 'right' },
      ],
      [...facts.gaps].map(([code, count]) => [code, integer(count)]),
    );
    if (options.audience === 'executive') return;
    flow.h2('Entries with gaps');
    table(
      flow,
      [
        { title: 'No.', share: 0.08, align: 'right' },
        { title: 'Entry', share: 0.42, face: 'mono' },
        { title: 'Coverage', share: 0.12 },
        { title: 'Gaps', share: 0.38 },
      ],
      facts.unread.map(({ ordinal, entry }) => [
        String(ordinal),
        shownEntry(entry.path, head),
        entry.coverage === 'unread' ? { text: 'unread', tone: 'bad' as const } : entry.coverage,
        entry.gaps
          .slice(0, 6)
          .map(({ code, detail, offset }) => `${code}: ${detail}${offset === undefined ? '' : ` (byte ${offset})`}`)
          .join('; ') + (entry.gaps.length > 6 ? `; and ${entry.gaps.length - 6} more` : ''),
      ]),
    );
    if (facts.unreadTotal > facts.unread.length) {
      flow.paragraph(
        `${integer(facts.unreadTotal - facts.unread.length)} more stand in the attached result.`,
        STYLE.small,
      );
    }
  },
};
