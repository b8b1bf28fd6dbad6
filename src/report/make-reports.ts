import { type StoredResult, UsageError } from '../model/index.ts';
import { readLedgerExtract } from './ledger-extract.ts';
import { type Audience, DEFAULT_OPTIONS, type ReportOptions } from './options.ts';
import { type OutputSpec, parseOutputs } from './output-spec.ts';
import type { Signer } from './pdf/cms.ts';
import { render } from './render.ts';
import { openStoredResult } from './stored-result.ts';
import { renderSummary } from './summary.ts';
import { writeOutput } from './write-output.ts';

/** The words and paths of the command line, under the names of its flags. */
export interface ReportRequest {
  /** `FORMAT=PATH` each. */
  readonly output: readonly string[];
  readonly summary: boolean;
  readonly audience: Audience;
  readonly paper: 'a4' | 'letter';
  readonly 'sarif-profile': 'full' | 'github';
  readonly previous?: string | undefined;
  readonly ledger?: readonly string[] | undefined;
  readonly 'sign-key'?: string | undefined;
  readonly 'sign-cert'?: string | undefined;
}

/**
 * Reads the results, makes and writes every output, private and whole.
 * @throws UsageError or DataError (exit 2) for anything that cannot be read, made or written
 */
export async function makeReports(results: readonly string[], request: ReportRequest): Promise<void> {
  if (results.length === 0) throw new UsageError('no result was given', ['name the file that audit --json wrote']);
  const { previous, ledger: ledgers = [], 'sign-key': signKey, 'sign-cert': signCert } = request;
  const outputs = parseOutputs(request.output);
  const inputs = [...results, previous, ...ledgers, signKey, signCert];
  const clash = outputs.find(({ path }) => inputs.includes(path));
  if (clash) throw new UsageError(`${clash.path} is an input`, ['name another file for the output']);
  if (results.length > 1 && !request.summary) {
    throw new UsageError('several results need --summary', ['give one result, or add --summary for one page over all']);
  }
  if (signKey && !outputs.some(({ format }) => format === 'pdf')) {
    throw new UsageError('only a PDF can be signed', ['add -o pdf=FILE, or leave out --sign-key']);
  }
  const signer = signKey && signCert ? (await import('./pdf/cms.ts')).readSigner(signKey, signCert) : undefined;
  const extracts = ledgers.map(readLedgerExtract);
  if (request.summary) {
    const opened = await Promise.all(results.map((path) => openStoredResult(path)));
    for (const { format, path } of outputs) {
      const bytes = renderSummary(format, opened, { paper: request.paper, ledgers: extracts });
      await writeOutput(path, format === 'pdf' && signer ? signed(bytes, signer, 'Summary of examinations') : bytes);
    }
    return;
  }
  if (extracts.length > 1) throw new UsageError('one result takes one --ledger', ['give the extract of this result']);
  const result = await openStoredResult(results[0] as string);
  const options: ReportOptions = {
    ...DEFAULT_OPTIONS,
    audience: request.audience,
    paper: request.paper,
    sarifProfile: request['sarif-profile'],
    ...(previous ? { previous: await openStoredResult(previous) } : {}),
    ...(extracts[0] ? { ledger: extracts[0] } : {}),
  };
  for (const output of outputs) await writeOne(output, result, options, signer);
}

async function writeOne({ format, path }: OutputSpec, result: StoredResult, options: ReportOptions, signer?: Signer) {
  const bytes = render(format, result, options);
  const reason = `Examination of an outgoing payload: ${result.head.verdict.outcome}`;
  await writeOutput(path, format === 'pdf' && signer ? signed(bytes, signer, reason) : bytes);
}

async function* signed(bytes: AsyncIterable<Uint8Array>, signer: Signer, reason: string): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  const { signPdf } = await import('./pdf/sign-pdf.ts');
  yield signPdf(Buffer.concat(chunks), signer, reason);
}
