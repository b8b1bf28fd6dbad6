import { createHash } from 'node:crypto';
import { createDeflate } from 'node:zlib';
import { printable, type ResultEntry, type StoredResult } from '../../model/index.ts';
import { RegisterLines } from '../csv.ts';
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

const REGISTER_CHUNK = 1 << 15;

/** The report for people: a tagged PDF/A-3a and PDF/UA-1 file with the result inside; a function of result and options. */
export async function* renderPdf(result: StoredResult, options: ReportOptions): AsyncGenerator<Uint8Array> {
  const gatherer = new Gatherer(result.head);
  const tree = new EntryTree();
  // The picture is capped, the data never: one reading of the entries makes both attachments and gathers the facts.
  const wantsRegister = result.entryCount > REGISTER_ROWS || options.audience !== 'administrator';
  const register = wantsRegister ? new RegisterPacker(result) : undefined;
  const read = tapped(result, async (entry) => {
    gatherer.add(entry);
    await register?.add(entry);
  });
  const evidence = await packed(renderJson(read, (entry) => tree.add(entry)));
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
  if (register) {
    attach(flow, {
      name: 'register.csv',
      media: 'text/csv',
      description: 'All entries of the payload, one a row',
      relationship: 'Supplement',
      ...(await register.end()),
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

/** The result with an eye on its entries as they pass. */
function tapped(result: StoredResult, see: (entry: ResultEntry) => Promise<void>): StoredResult {
  return {
    ...result,
    async *entries() {
      for await (const entry of result.entries()) {
        await see(entry);
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

/** Compresses what it is given and takes its digests; MD5 is what PDF's /CheckSum asks for, and no security function. */
class Packer {
  readonly #sha256 = createHash('sha256');
  readonly #md5 = createHash('md5');
  readonly #deflate = createDeflate({ level: 6 });
  readonly #chunks: Uint8Array[] = [];
  readonly #ended: Promise<unknown>;
  #size = 0;

  constructor() {
    this.#deflate.on('data', (chunk: Uint8Array) => this.#chunks.push(chunk));
    this.#ended = new Promise((resolve, reject) => this.#deflate.on('end', resolve).on('error', reject));
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#sha256.update(chunk);
    this.#md5.update(chunk);
    this.#size += chunk.length;
    if (!this.#deflate.write(chunk)) await new Promise((resolve) => this.#deflate.once('drain', resolve));
  }

  async end(): Promise<Packed> {
    this.#deflate.end();
    await this.#ended;
    const deflated = Buffer.concat(this.#chunks);
    return { sha256: this.#sha256.digest('hex'), md5: this.#md5.digest(), size: this.#size, deflated };
  }
}

async function packed(bytes: AsyncIterable<Uint8Array>): Promise<Packed> {
  const packer = new Packer();
  for await (const chunk of bytes) await packer.add(chunk);
  return packer.end();
}

/** The register of entries, packed while they pass. */
class RegisterPacker {
  readonly #packer = new Packer();
  readonly #lines: RegisterLines;
  #text: string;

  constructor({ head }: StoredResult) {
    this.#lines = new RegisterLines(head);
    this.#text = this.#lines.header;
  }

  async add(entry: ResultEntry): Promise<void> {
    this.#text += this.#lines.line(entry);
    if (this.#text.length > REGISTER_CHUNK) await this.#flush();
  }

  async end(): Promise<Packed> {
    await this.#flush();
    return this.#packer.end();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    await this.#packer.add(bytes);
  }
}
