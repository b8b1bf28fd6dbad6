/** ISO/IEC 7812-1 Annex B: doubling every second digit from the right, the sum is a multiple of 10. Digits only. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return digits.length > 1 && sum % 10 === 0;
}

/** Sum of digit times weight, modulo `modulus`; the shorter of the two ends it. */
export function weighted(digits: string, weights: readonly number[], modulus: number): number {
  let sum = 0;
  for (let i = 0; i < weights.length && i < digits.length; i++) sum += (digits.charCodeAt(i) - 48) * weights[i]!;
  return sum % modulus;
}

/** Remainder modulo 97 of a number of any length, letters counted as 10 to 35 (ISO/IEC 7064 MOD 97-10, ISO 13616). */
export function mod97(text: string): number {
  let rest = 0;
  for (const char of text.toUpperCase()) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

/** ISO/IEC 7064 MOD 11,10 over digits, the check digit last. */
export function mod11x10(digits: string): boolean {
  let product = 10;
  for (const char of digits.slice(0, -1)) {
    const sum = (Number(char) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (product + Number(digits.at(-1))) % 10 === 1;
}

/** ISO/IEC 7064 MOD 11-2: digits, the last may be X. */
export function mod11x2(text: string): boolean {
  let rest = 0;
  for (const char of text.toUpperCase()) rest = (rest * 2 + (char === 'X' ? 10 : Number(char))) % 11;
  return rest === 1;
}

const D5 = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const PERMUTATION = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

/** J. Verhoeff, Error Detecting Decimal Codes (1969): the dihedral group D5 with a permutation by position. */
export function verhoeff(digits: string): boolean {
  let state = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48;
    state = Number(D5[state]![Number(PERMUTATION[i % 8]![digit])]);
  }
  return digits.length > 1 && state === 0;
}

/** The value without the separators that people write into numbers. */
export function compact(value: string): string {
  return value.replace(/[\s.\-/_]/g, '');
}

/** All characters are the same, or each is the successor (or predecessor) of the one before. */
export function isRun(text: string): boolean {
  const step = text.charCodeAt(1) - text.charCodeAt(0);
  if (Math.abs(step) > 1) return false;
  for (let i = 2; i < text.length; i++) {
    const next = text.charCodeAt(i) - text.charCodeAt(i - 1);
    if (next !== step && !(text[i - 1] === '9' && text[i] === '0' && step === 1)) return false;
  }
  return true;
}
