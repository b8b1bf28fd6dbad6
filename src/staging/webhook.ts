import { createHmac } from 'node:crypto';
import type { Sink } from './outbox.ts';

const TIMEOUT_MS = 10_000;

/**
 * Posts the sidecar of each payload. `clearance-signature: t=SECONDS,v1=HEX` is HMAC-SHA-256 (RFC 2104) by the shared
 * secret over `SECONDS.BODY`: the time is signed, so that a receiver can refuse what is old. `clearance-delivery` is the
 * same for every try of one payload, so that a receiver can tell a repetition. Anything but 2xx is tried again; a
 * redirection is not followed, as it would send the body where nobody configured it to go.
 */
export function webhookSink(url: URL, secret: string): Sink {
  return {
    name: 'webhook',
    async send({ id, sidecar }) {
      const time = Math.floor(Date.now() / 1000);
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          'content-type': 'application/json',
          'user-agent': 'clearance',
          'clearance-delivery': id,
          'clearance-signature': `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${sidecar}`).digest('hex')}`,
        },
        body: sidecar,
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`status ${response.status}`);
    },
  };
}
