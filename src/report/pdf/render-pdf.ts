import { createHash } from 'node:crypto';
import { createDeflate } from 'node:zlib';
import { printable, type StoredResult } from '../../model/index.ts';
import { renderCsv } from '../csv.ts';
import { EntryTree } from '../entry-tree.ts';
import { Gatherer, gatherFacts, REGISTER_ROWS } from '../facts.ts';
import { renderJson } from '../json.ts';
import type { ReportOptions } from '../options.ts';
import { VERDICT, wordingLevel } from '../wording.ts';
import type { Book, Page } from './book.ts';
import { fileIdentifier } from './compact-document.ts';
import { Flow } from './flow.ts';
import { controls, glossary } from './pages/appendices.ts';
import { attested } from './pages/attested.ts';
import { change } from './pages/change.ts';
import { composition } from './pages/composition.ts';
import { conclusion } from './pages/conclusion.ts';
import { coverage } from './pages/coverage.ts';
import { custody } from './pages/custody.ts';
import { document } from './pages/document.ts';
import { findings } from './pages/findings.ts';
import { inventory } from './pages/inventory.ts';
import { register } from './pages/register.ts';
import { transport } from './pages/transport.ts';
import { verify } from './pages/verify.ts';

const MAIN: readonly Page[] = [
  conclusion,
  attested,
  composition,
  inventory,
  findings,
  coverage,
  transport,
  document,
  change,
  custody,
  verify,
];

/** An executive reads the decision and its basis; a manager also the words and controls; an administrator every entry. */
const PAGES: Readonly<Record<ReportOptions['audience'], readonly Page[]>> = {
  executive: MAIN,
  manager: [...MAIN, controls, glossary],
  administrator: [...MAIN, register, controls, glossary],
};

/** The report for people: a tagged PDF/A-3a and PDF/UA-1 file with the result inside; a function of result and options. */
export async function* renderPdf(result: StoredResult, options: ReportOptions): AsyncGenerator<Uint8Array> {
  const gatherer = new Gatherer(result.head);
  const tree = new EntryTree();
  const evidence = await packed(renderJson(tapped(result, gatherer), (entry) => tree.add(entry)));
  const facts = gatherer.facts();
  const { head } = result;
  const reportId = `CLR-${evidence.sha256.slice(0, 12).toUpperCase()}`;
  const name = head.payloads.map((payload) => printable(payload.name)).join(', ');
  const flow = new Flow(
    {
      title: `${VERDICT[head.verdict.outcome].word}: ${name.length > 120 ? `${name.slice(0, 110).toWellFormed()}...` : name}`,
      subject: `Examination of an outgoing payload, as of ${head.asOf}`,
      author: `${head.tool.name} ${head.tool.version}`,
      date: new Date(`${head.asOf}T00:00:00Z`),
      id: fileIdentifier(
        `${evidence.sha256} ${JSON.stringify([options.audience, options.paper, options.ledger ?? null])}`,
      ),
    },
    options.paper,
    {
      left: `${reportId} · result ${evidence.sha256.slice(0, 16)}`,
      middle: 'Confidential: names files of a client system',
    },
  );
  const previous = options.previous && { head: options.previous.head, facts: await gatherFacts(options.previous) };
  const level = wordingLevel({ head, resultSha256: evidence.sha256, ledger: options.ledger });
  const contents = PAGES[options.audience];
  const book: Book = {
    flow,
    contents,
    result,
    head,
    facts,
    options,
    resultSha256: evidence.sha256,
    entryRoot: tree.root(),
    reportId,
    level,
    previous,
  };
  attach(flow, {
    name: 'result.json',
    media: 'application/json',
    description: 'The complete result of the audit, canonical JSON (RFC 8785)',
    relationship: 'Data',
    ...evidence,
  });
  if (result.entryCount > REGISTER_ROWS || options.audience !== 'administrator') {
    attach(flow, {
      name: 'register.csv',
      media: 'text/csv',
      description: 'All entries of the payload, one a row',
      relationship: 'Supplement',
      ...(await packed(renderCsv(result))),
    });
  }
  for (const page of contents) {
    const drawing = page.draw(book);
    if (drawing) for await (const _ of drawing) yield* flow.document.drain();
    yield* flow.document.drain();
  }
  flow.finish();
  yield* flow.document.drain();
}

function attach(flow: Flow, file: Parameters<Flow['document']['attach']>[0]): void {
  flow.document.attach(file);
  flow.attached.add(file.name);
}

/** The result with an eye on its entries as they pass: one reading serves the facts and the attachment. */
function tapped(result: StoredResult, gatherer: Gatherer): StoredResult {
  return {
    ...result,
    async *entries() {
      for await (const entry of result.entries()) {
        gatherer.add(entry);
        yield entry;
      }
    },
  };
}

interface Packed {
  readonly sha256: string;
  readonly md5: Uint8Array;
  readonly size: number;
  readonly deflated: Uint8Array;
}

/** Compresses a stream and takes its digests; MD5 is what PDF's /CheckSum asks for, and no security function. */
async function packed(bytes: AsyncIterable<Uint8Array>): Promise<Packed> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')];
  let size = 0;
  const deflate = createDeflate({ level: 6 });
  const chunks: Uint8Array[] = [];
  deflate.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const ended = new Promise((resolve, reject) => deflate.on('end', resolve).on('error', reject));
  for await (const chunk of bytes) {
    sha256.update(chunk);
    md5.update(chunk);
    size += chunk.length;
    if (!deflate.write(chunk)) await new Promise((resolve) => deflate.once('drain', resolve));
  }
  deflate.end();
  await ended;
  return { sha256: sha256.digest('hex'), md5: md5.digest(), size, deflated: Buffer.concat(chunks) };
}
