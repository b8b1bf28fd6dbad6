import { expect, test } from 'vitest';
import { VALIDATORS } from '../../../src/rules/validators/index.ts';

test.each([
  ['bug-coreutils@gnu.org', 'test-value'],
  ['linux-kernel@vger.kernel.org', 'test-value'],
  ['chacha20-poly1305@openssh.com', 'test-value'],
  ['Tigran@Aivazian.fsnet.co.uk', 'test-value'],
  ['someone@aivazian.fsnet.co.uk', 'valid'],
  ['maria@notgnu.org', 'valid'],
  ['gnu.org@bank.example.net', 'valid'],
  ['ops@it.corp.internal', 'valid'],
])('%s is %s', (address, answer) => {
  expect(VALIDATORS.get('public-address')?.check(address, {})).toBe(answer);
});
