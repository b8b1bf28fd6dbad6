import { CONTROLS } from '../../controls.ts';
import { GLOSSARY } from '../../glossary.ts';
import { LEVEL_MEANING } from '../../wording.ts';
import type { Book } from '../book.ts';
import { STYLE } from '../flow.ts';
import { table } from '../table.ts';

/** Appendix B: which controls an assessor may look at this report for. */
export const controls = {
  name: 'controls',
  title: 'Appendix B: Control mapping',
  draw({ flow }: Book): void {
    flow.open(this.title, this.name);
    flow.paragraph(
      'Parts of this report that bear on a control. The mapping is by subject; whether a control is met is for its assessor to say.',
    );
    table(
      flow,
      [
        { title: 'Framework', share: 0.27 },
        { title: 'Control', share: 0.1 },
        { title: 'Title', share: 0.29 },
        { title: 'Look at', share: 0.34 },
      ],
      CONTROLS.map(({ framework, edition, control, title, evidence }) => [
        `${framework}, ${edition}`,
        control,
        title,
        evidence,
      ]),
    );
  },
};

/** Appendix C: the words of this report. */
export const glossary = {
  name: 'glossary',
  title: 'Appendix C: Words and versions',
  draw({ flow, head, level }: Book): void {
    flow.open(this.title, this.name);
    table(
      flow,
      [
        { title: 'Word', share: 0.24 },
        { title: 'Meaning here', share: 0.76 },
      ],
      GLOSSARY.map(({ word, meaning }) => [word, meaning]),
    );
    flow.h2('The scale of wording');
    table(
      flow,
      [
        { title: 'Level', share: 0.14 },
        { title: 'What is said at this level', share: 0.86 },
      ],
      Object.entries(LEVEL_MEANING).map(([word, meaning]) => [
        word === level ? { text: `${word} (this)`, tone: 'plain' as const } : word,
        meaning,
      ]),
    );
    flow.h2('Catalog in force');
    flow.paragraph('A later report that names another version or digest was measured by other data.', STYLE.small);
    const { inventory, packs, policy, crypto } = head.catalog;
    table(
      flow,
      [
        { title: 'Kind', share: 0.15 },
        { title: 'Id and version', share: 0.24 },
        { title: 'SHA-256', share: 0.61, face: 'mono' },
      ],
      [
        ...(inventory ? [['inventory', inventory] as const] : []),
        ...packs.map((pack) => ['rule pack', pack] as const),
        ['policy', policy] as const,
        ...(crypto ? [['crypto rules', crypto] as const] : []),
      ].map(([kind, { id, version, sha256 }]) => [kind, `${id} ${version}`, sha256]),
    );
  },
};
