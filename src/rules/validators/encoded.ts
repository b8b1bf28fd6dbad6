import { validator } from './answer.ts';
import { isPlaceholder } from './characters.ts';
import type { Validator } from './validator.ts';

/** Strict base64 or base64url (RFC 4648 sections 4 and 5), padding optional; undefined where it is neither. */
function decode(text: string): string | undefined {
  const bare = text.replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/_-]+$/.test(bare) || bare.length % 4 === 1) return undefined;
  return Buffer.from(bare, 'base64').toString('latin1');
}

/** What a decoded text must look like. */
const SHAPES: Readonly<Record<string, (text: string) => boolean>> = {
  // RFC 7617 section 2: user-id ":" password, no control characters
  'user-password': (text) => {
    const colon = text.indexOf(':');
    return (
      /^[^\x00-\x1f\x7f]{3,}$/.test(text) &&
      colon >= 0 &&
      colon < text.length - 1 &&
      !isPlaceholder(text.slice(colon + 1))
    );
  },
  json: (text) => parses(text),
  text: (text) => /^[\t\r\n\x20-\x7e]+$/.test(text),
};

function parses(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

/** Values that are text in another dress: the dress must come off. */
export const ENCODED: readonly Validator[] = [
  validator('jwt-header', 'strong', 'RFC 7515 section 4.1, RFC 7519 section 5', (value) => {
    const header = decode(value.split('.')[0] ?? '');
    if (header === undefined) return false;
    try {
      const fields: unknown = JSON.parse(header);
      return typeof fields === 'object' && fields !== null && ('alg' in fields || 'enc' in fields);
    } catch {
      return false;
    }
  }),
  validator(
    'base64-decodes',
    'strong',
    'RFC 4648 sections 4 and 5',
    (value, args) => {
      const text = decode(value);
      if (text === undefined) return false;
      const shape = SHAPES[String(args['shape'] ?? '')];
      if (shape !== undefined && !shape(text)) return false;
      const length = text.length;
      if (length < Number(args['min'] ?? 0) || length > Number(args['max'] ?? Number.POSITIVE_INFINITY)) return false;
      return args['contains'] === undefined || text.includes(String(args['contains']));
    },
    {
      shape: { enum: Object.keys(SHAPES) },
      min: { type: 'integer' },
      max: { type: 'integer' },
      contains: { type: 'string' },
    },
  ),
];
