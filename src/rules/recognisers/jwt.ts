import { REJECTED, type Recogniser } from './recogniser.ts';

/** Compact JWS and JWE whose header decodes to a JSON object that names an algorithm. */
export const JWT: Recogniser = {
  name: 'jwt',
  source: 'RFC 7519 section 3; RFC 7515 section 7.1; RFC 7516 section 7.1',
  // Some writers leave the padding on, which RFC 7515 forbids.
  pattern:
    '\\b(?:eyJ|ewo|eyA)[A-Za-z0-9_-]+={0,2}\\.[A-Za-z0-9_-]*={0,2}\\.[A-Za-z0-9_-]*={0,2}' +
    '(?:\\.[A-Za-z0-9_-]*={0,2}\\.[A-Za-z0-9_-]*={0,2})?',
  group: 0,
  accept: (value) => {
    const parts = value.split('.');
    const header = jsonObject(parts[0]!);
    if (typeof header?.['alg'] !== 'string') return REJECTED;
    if (parts.length === 5) return { accepted: true, evidence: 'JWE header decodes' };
    if (!jsonObject(parts[1]!)) return REJECTED;
    return { accepted: true, evidence: 'JWT header and claims decode' };
  },
};

function jsonObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
