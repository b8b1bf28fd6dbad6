/**
 * A quiet palette. Every text colour has a contrast of at least 4.5:1 on white and on the tints below (WCAG 2.1, 1.4.3;
 * test/report/palette.test.ts computes it), and no meaning is carried by colour alone.
 */
export const COLOUR = {
  ink: '1B2430',
  muted: '525E6B',
  accent: '1F3A5F',
  line: 'C9D1D9',
  hair: 'E1E6EB',
  paper: 'FFFFFF',
  wash: 'F4F6F8',
  accentTint: 'DFE7F0',
  good: '1C6242',
  goodTint: 'E8F2EC',
  bad: '8F1D1D',
  badTint: 'F8EAEA',
  warn: '7A4E00',
  warnTint: 'FAF1DF',
} as const;

export type Colour = keyof typeof COLOUR;

/** A verdict, a coverage word or a transport word in one of three tones. */
export type Tone = 'good' | 'bad' | 'warn' | 'plain';

export const TONE: Readonly<Record<Tone, { readonly ink: Colour; readonly tint: Colour }>> = {
  good: { ink: 'good', tint: 'goodTint' },
  bad: { ink: 'bad', tint: 'badTint' },
  warn: { ink: 'warn', tint: 'warnTint' },
  plain: { ink: 'accent', tint: 'wash' },
};
