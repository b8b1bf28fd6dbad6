/** Words a reader meets in a report, in code unit order. */
export const GLOSSARY: readonly { readonly word: string; readonly meaning: string }[] = [
  {
    word: 'as of',
    meaning: 'The day whose rules, dates and policy were applied; an input of the audit, not the clock.',
  },
  {
    word: 'cleared',
    meaning: 'Every entry is documented, every byte was examined, and nothing found counts against the payload.',
  },
  { word: 'container', meaning: 'An entry with entries inside: an archive, a compressed file, a dump wrapper.' },
  {
    word: 'counting finding',
    meaning: 'A finding behind one of the reasons against sending, by the thresholds of the policy.',
  },
  { word: 'coverage', meaning: 'How far content was read: decoded, raw, opened or unread.' },
  {
    word: 'disclosed as documented',
    meaning: 'The inventory’s document says that this place of this file holds such data.',
  },
  {
    word: 'entry',
    meaning:
      'Anything with a place in the payload: file, directory, link, or bytes of a container outside its members.',
  },
  { word: 'finding', meaning: 'A match of a rule at a place, with its value masked.' },
  { word: 'gap', meaning: 'Something that could not be read or must not be trusted, with a code and a reason.' },
  { word: 'held', meaning: 'At least one reason against sending was found.' },
  { word: 'incomplete', meaning: 'Something was not examined, so nothing can be cleared.' },
  {
    word: 'inventory',
    meaning: 'The list of what a vendor’s document says is sent, as data, with the section of each item.',
  },
  {
    word: 'known from another source',
    meaning: 'Real systems send the file, but the inventory’s document does not name it.',
  },
  {
    word: 'ledger',
    meaning: 'The record of what people decided about payloads, in which nothing can be changed unnoticed.',
  },
  { word: 'opened', meaning: 'A container whose members account for all of its bytes.' },
  { word: 'policy', meaning: 'Which findings and statuses hold a payload, as data.' },
  { word: 'pseudo entry', meaning: 'Bytes of a container outside its members: slack, comments, tails, header fields.' },
  { word: 'raw', meaning: 'Every byte was scanned in all byte views; the format was not understood.' },
  {
    word: 'result',
    meaning: 'The canonical JSON file that all reports are made from; its SHA-256 names the evidence.',
  },
  { word: 'rule pack', meaning: 'Rules that say what client data looks like, each with examples and its source.' },
  {
    word: 'tier',
    meaning: 'T0 is never allowed, T1 only where documented, T2 is an identifier of the environment, T3 informs.',
  },
  {
    word: 'unread',
    meaning: 'Some byte could not be examined: encrypted, cut, unsupported, over a limit, or not decoded.',
  },
];
