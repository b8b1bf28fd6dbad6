// What makes a start quick, made once by the build:
// dist/program.json  what clearance says of itself (help, flags), by oclif from the commands' own words;
// dist/catalog/validators/  the schemas as code, so that no run has to load ajv and compile them;
// dist/oclif.js      the part of oclif that commands need, as one file; the compiled commands import it instead.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { rolldown } from 'rolldown';

// Read by oclif when it is loaded: help is the same whatever terminal the build has.
process.env.OCLIF_COLUMNS = '80';
process.env.NO_COLOR = '1';
delete process.env.FORCE_COLOR;
const { Config, Help } = await import('@oclif/core');

const standaloneCode = standalone.default;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const named = (text) => text?.replaceAll('<%= config.bin %>', 'clearance').replaceAll('<%= command.id %>', '');
const sorted = (entries) => Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));

/** oclif writes help to stdout; here it is kept. */
class KeptHelp extends Help {
  text = '';
  log(line = '') {
    this.text += `${line}\n`;
  }
}

async function helpOf(config, argv) {
  const help = new KeptHelp(config, { all: false });
  await help.showHelp(argv);
  return help.text.replaceAll(config.userAgent, '{version}');
}

function flagWords([name, flag]) {
  const { char, type, helpValue, options, helpGroup: group, allowNo, multiple } = flag;
  const summary = named(flag.summary ?? flag.description ?? '');
  return { name, char, type, helpValue, summary, options, group, allowNo, multiple };
}

async function describeProgram() {
  const config = new Config({ root, ignoreManifest: true });
  await config.load();
  const commands = [];
  for (const { id, summary, description, usage, args, flags, examples, strict } of config.commands) {
    const inputs = Object.entries(args).map(([name, arg]) => ({
      name,
      summary: named(arg.description ?? ''),
      options: arg.options,
      required: arg.required === true,
    }));
    const line = inputs.map(({ name, required }) => (required ? name.toUpperCase() : `[${name.toUpperCase()}]`));
    const words = id.replaceAll(':', ' ');
    commands.push([
      words,
      {
        summary: named(summary ?? ''),
        description: named(description),
        usage:
          (Array.isArray(usage) ? usage[0] : usage) ?? [words, ...line].join(' ') + (strict === false ? '...' : ''),
        args: inputs,
        flags: Object.entries(flags)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(flagWords),
        examples: (examples ?? []).map((example) => named(typeof example === 'string' ? example : example.command)),
        help: await helpOf(config, id.split(':')),
      },
    ]);
  }
  const topics = [];
  // oclif makes a topic of every command too.
  const isTopic = ({ name }) => !config.commandIDs.includes(name) && !name.includes(':');
  for (const { name, description } of config.topics.filter(isTopic)) {
    topics.push([name, { summary: description ?? '', help: await helpOf(config, [name]) }]);
  }
  return {
    version: config.version,
    summary: config.pjson.description,
    help: await helpOf(config, []),
    topics: sorted(topics),
    commands: sorted(commands),
  };
}

async function compileSchemas() {
  const { AJV_OPTIONS, compiledFile } = await import('../dist/catalog/validate.js');
  for (const name of readdirSync(join(root, 'schemas')).filter((file) => file.endsWith('.schema.json'))) {
    const schema = readFileSync(join(root, 'schemas', name));
    const ajv = new Ajv2020({ ...AJV_OPTIONS, code: { source: true } });
    const code = standaloneCode(ajv, ajv.compile(JSON.parse(schema.toString('utf8'))));
    mkdirSync(dirname(compiledFile(schema)), { recursive: true });
    writeFileSync(compiledFile(schema), code);
  }
}

async function gatherOclif() {
  const entry = '\0oclif';
  const parts = ['args', 'flags', 'parser'].map((part) => {
    const name = part[0].toUpperCase() + part.slice(1);
    return `export * as ${name} from '@oclif/core/${part}';`;
  });
  const build = await rolldown({
    input: entry,
    cwd: root,
    platform: 'node',
    plugins: [
      {
        name: 'entry',
        resolveId: (id, importer) =>
          id === entry ? id : importer === entry ? fileURLToPath(import.meta.resolve(id)) : null,
        load: (id) => (id === entry ? parts.join('\n') : null),
      },
    ],
  });
  await build.write({ file: join(dist, 'oclif.js'), format: 'esm', codeSplitting: false });
  for (const file of readdirSync(dist, { recursive: true }).filter((name) => /^(?:cli|commands)\b.*\.js$/.test(name))) {
    const path = join(dist, file);
    const text = readFileSync(path, 'utf8');
    const gathered = relative(dirname(path), join(dist, 'oclif.js')).replaceAll('\\', '/');
    if (text.includes("'@oclif/core'")) {
      writeFileSync(path, text.replaceAll("from '@oclif/core'", `from './${gathered}'`.replace('./../', '../')));
    }
  }
}

writeFileSync(join(dist, 'program.json'), JSON.stringify(await describeProgram()));
await compileSchemas();
await gatherOclif();
