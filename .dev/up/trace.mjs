// `./dev trace <call id>`: the whole story of one call, from the spans and logs that the parts wrote on this machine.
//
// Spans make the story: all that belong to the traces in which the call was seen, in order and indented by what caused what. Lines of the
// logs that name the call stand between them.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const { values: told, positionals } = parseArgs({ options: { logs: { type: 'string' }, help: { type: 'boolean' } }, allowPositionals: true });
const logs = told.logs ?? join(root, '.local', 'logs');
const call = positionals[0];

const fail = (message) => {
  console.error(`dev: ${message}`);
  process.exit(1);
};
if (!call || positionals.length > 1) fail("say which call: ./dev trace <call id>. The answer of POST /api/calls has it, and so has the call log.");
if (!existsSync(logs)) fail(`there are no logs in ${logs}: ./dev up writes them.`);

const linesOf = (ending) =>
  readdirSync(logs).filter((name) => name.endsWith(ending)).flatMap((name) =>
    readFileSync(join(logs, name), 'utf8').split('\n').filter((line) => line !== '').map((line) => ({ part: name.slice(0, name.indexOf('.')), line })));

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    // A line that is being written, or one that is no JSON.
    return undefined;
  }
};

const spans = linesOf('.spans.jsonl').map(({ line }) => parsed(line)).filter((span) => span?.trace);
const traces = new Set(spans.filter((span) => span.tags['call.id'] === call).map((span) => span.trace));
const mine = spans.filter((span) => traces.has(span.trace));
const known = new Map(mine.map((span) => [span.span, span]));

function depthOf(span) {
  let depth = 0;
  // As deep as there are spans: a loop in what was written must not hold us.
  for (let at = known.get(span.parent); at && depth < known.size; at = known.get(at.parent)) depth += 1;
  return depth;
}

const entries = mine.map((span) => ({
  at: Date.parse(span.time),
  part: span.part,
  text: `${'  '.repeat(depthOf(span))}${span.name}${span.failed ? ' FAILED' : ''}`,
  rest: [`${span.ms} ms`, ...Object.entries(span.tags).filter(([name, value]) => name !== 'call.id' && value).map(([name, value]) => `${name}=${value}`)].join('  '),
}));

for (const { part, line } of linesOf('.log').filter(({ line }) => line.includes(call))) {
  const entry = parsed(line);
  const at = Date.parse(entry?.Timestamp ?? entry?.time ?? /\d{4}-\d\d-\d\dT[\d:.]+Z?/.exec(line)?.[0] ?? '');
  entries.push({ at: Number.isNaN(at) ? Infinity : at, part, text: `- ${entry?.Message ?? entry?.event ?? line.trim()}`, rest: entry?.LogLevel ?? '' });
}

if (entries.length === 0) fail(`nothing was written about call ${call} in ${logs}.`);
entries.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at));
const begin = entries[0].at;
console.log(`Call ${call}${Number.isFinite(begin) ? `, ${new Date(begin).toISOString()}` : ''}; ${mine.length} spans in ${traces.size} trace${traces.size === 1 ? '' : 's'}\n`);
for (const { at, part, text, rest } of entries) {
  const since = Number.isFinite(at) ? `+${((at - begin) / 1000).toFixed(3)}`.padStart(10) : ' '.repeat(10);
  console.log(`${since} s  ${part.padEnd(10)} ${text.padEnd(34)}  ${rest}`.trimEnd());
}
