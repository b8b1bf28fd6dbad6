/** The process that reads hostile bytes: started by `isolated-audit.ts`, given open descriptors, able to open nothing. */
import { writeSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { DataError, EXIT, OperatorError, type Payload, providePrivateFiles } from '../model/index.ts';
import { type AuditSettings, loadAuditRequest } from './audit-request.ts';

/** A payload as the child gets it: an open file, its own stdin, or a folder that it may read by name. */
export type GivenPayload =
  | { readonly type: 'descriptor'; readonly name: string; readonly descriptor: number }
  | { readonly type: 'path'; readonly path: string };

export interface ChildRequest {
  readonly settings: AuditSettings;
  readonly payloads: readonly GivenPayload[];
  readonly each: boolean;
  readonly stdinName: string;
  readonly version: string;
  readonly spools: readonly number[];
}

export type ChildMessage =
  | { readonly type: 'progress'; readonly bytes: number; readonly entries: number }
  | {
      readonly type: 'operator-error';
      readonly name: string;
      readonly message: string;
      readonly hints: readonly string[];
      readonly problems?: DataError['problems'];
    };

const TELL_MS = 100;

// Collects when the heap has grown by a fifth. V8 would let it grow several times as large first, which no payload
// is worth; here a version of V8 that does not know the flag passes over it.
setFlagsFromString('--heap-growing-percent=20');

async function run(request: ChildRequest): Promise<void> {
  providePrivateFiles(request.spools);
  const [{ audit }, { render, DEFAULT_OPTIONS }] = await Promise.all([
    import('../audit.ts'),
    import('../report/index.ts'),
  ]);
  let told = 0;
  const onProgress = (bytes: number, entries: number): void => {
    if (performance.now() - told < TELL_MS) return;
    told = performance.now();
    tell({ type: 'progress', bytes, entries });
  };
  const loaded = await loadAuditRequest(request.settings, payloads(request), request.version);
  const learnFrom = request.settings.sweep ? payloads(request) : undefined;
  const result = await audit({ ...loaded, learnFrom, onProgress });
  for await (const bytes of render('json', result, DEFAULT_OPTIONS)) {
    for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
  }
  process.exitCode = EXIT[result.head.verdict.outcome];
}

async function* payloads({ payloads, each, stdinName }: ChildRequest): AsyncGenerator<Payload> {
  const { descriptorSource, openPayloads } = await import('../source/index.ts');
  for (const given of payloads) {
    if (given.type === 'path') yield* openPayloads([given.path], { each, stdinName });
    else yield { type: 'file', name: Buffer.from(given.name), bytes: descriptorSource(given.descriptor) };
  }
}

function tell(message: ChildMessage): void {
  process.send?.(message);
}

function fail(error: unknown): void {
  process.exitCode = EXIT.internal;
  if (!(error instanceof OperatorError)) return;
  process.exitCode = EXIT.usage;
  const { name, message, hints } = error;
  tell({
    type: 'operator-error',
    name,
    message,
    hints,
    ...(error instanceof DataError && { problems: error.problems }),
  });
}

process.once('disconnect', () => process.exit(EXIT.internal));
process.once('message', (request) => {
  run(request as ChildRequest)
    .catch(fail)
    .finally(() => {
      process.removeAllListeners('disconnect');
      process.disconnect();
    });
});
