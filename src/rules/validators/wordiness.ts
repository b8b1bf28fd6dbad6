/**
 * How often one lower-case letter follows another within a word, against a uniform choice: round(log2(26 p)) + 5, one
 * digit a pair, rows by the first letter. Counted over the words (five occurrences or more, weighted by the logarithm
 * of their count) of Debian's documentation and of the identifiers of the Python standard library.
 */
const PAIRS = [
  '35654453524657252767443343',
  '74547433643743642654622343',
  '73546427526533732546522232',
  '65458433723544632554533232',
  '54665543423557343766343542',
  '64556632722533732655522242',
  '63448345622546642664533233',
  '73338222723444732545523242',
  '55655452223658642566242324',
  '74447333633334753353633232',
  '63348444723534642464524242',
  '63357332723633632355532262',
  '75347322723453662353522232',
  '63666573624334532367442233',
  '44553443424667552765655332',
  '72447335623633652756523242',
  '33333232422534342443923222',
  '73558342724454642565443252',
  '53537335624443652367623242',
  '63437336723433642655523253',
  '55545552523657352666232323',
  '73438332722443532343322222',
  '73447335723536632653322222',
  '53647434623453472457433443',
  '64546443523556572476534233',
  '73348335723544532343423255',
].join('');

/**
 * Mean evidence a step that a text is made of words (positive) or drawn at random (negative), in bits. A step between
 * two letters is judged by PAIRS; between a letter and a digit, or from lower to upper case within a run, it speaks
 * for chance, because words change their kind of character rarely. Separators are no step. Steps between digits say
 * nothing and count for less, so a text of digits alone scores 0.
 */
export function wordiness(text: string): number {
  let sum = 0;
  let steps = 0;
  for (let i = 1; i < text.length; i++) {
    const left = kind(text.charCodeAt(i - 1));
    const right = kind(text.charCodeAt(i));
    if (left === SEPARATOR || right === SEPARATOR) continue;
    if (left === DIGIT && right === DIGIT) {
      steps += BETWEEN_DIGITS;
      continue;
    }
    steps++;
    if (left === DIGIT || right === DIGIT) sum -= 2;
    else if (left === LOWER && right === UPPER) sum -= 1.5;
    else if (left === UPPER && right === LOWER && i > 1 && kind(text.charCodeAt(i - 2)) === UPPER) sum -= 1;
    else sum += Number(PAIRS[(fold(text, i - 1) - 97) * 26 + fold(text, i) - 97]) - 5;
  }
  return steps === 0 ? 0 : sum / steps;
}

/** Weight of a step between digits: long numbers in hexadecimal keys must not make them look like words. */
const BETWEEN_DIGITS = 0.4;
const SEPARATOR = 0;
const DIGIT = 1;
const UPPER = 2;
const LOWER = 3;

function kind(code: number): number {
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 65 && code <= 90) return UPPER;
  return code >= 48 && code <= 57 ? DIGIT : SEPARATOR;
}

const fold = (text: string, i: number): number => text.charCodeAt(i) | 32;
