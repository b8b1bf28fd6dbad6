import type { StoredResult } from '../model/index.ts';
import { renderCsv } from './csv.ts';
import type { Format } from './formats.ts';
import { renderHtml } from './html.ts';
import { renderInToto } from './in-toto.ts';
import { renderJson } from './json.ts';
import { renderJsonl } from './jsonl.ts';
import { renderJunit } from './junit.ts';
import { renderOcsf } from './ocsf.ts';
import type { ReportOptions } from './options.ts';
import { renderOscal } from './oscal.ts';
import { renderSarif } from './sarif.ts';

const RENDERERS: Readonly<Record<Format, (result: StoredResult, options: ReportOptions) => AsyncIterable<Uint8Array>>> =
  {
    json: (result) => renderJson(result),
    jsonl: renderJsonl,
    pdf: renderPdf,
    html: renderHtml,
    sarif: renderSarif,
    junit: renderJunit,
    oscal: renderOscal,
    csv: renderCsv,
    ocsf: renderOcsf,
    'in-toto': renderInToto,
  };

/** Its libraries take longer to load than most payloads to audit. */
async function* renderPdf(result: StoredResult, options: ReportOptions): AsyncGenerator<Uint8Array> {
  yield* (await import('./pdf/render-pdf.ts')).renderPdf(result, options);
}

/** The bytes of one format: a pure function of the result and the options; no clock, no host. */
export function render(format: Format, result: StoredResult, options: ReportOptions): AsyncIterable<Uint8Array> {
  return RENDERERS[format](result, options);
}
