import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startRunner } from './client.js';

/** @type {Awaited<ReturnType<typeof startRunner>>} */
let runner;
before(async () => { runner = await startRunner(); });
after(async () => { await runner.stop(); });

test('an exported main gets data and ctx, and its result comes back', async () => {
  const report = await runner.run('export function main(data, ctx) { return { sum: data.a + data.b, who: ctx.user }; }', { data: { a: 2, b: 3 }, ctx: { user: '101' } });
  assert.deepEqual([report.outcome, report.result], ['done', { sum: 5, who: '101' }]);
});

test('a global main works, declared as function, const or async', async () => {
  for (const source of ['function main(d) { return d * 2 }', 'const main = (d) => d * 2', 'async function main(d) { return d * 2 }', 'globalThis.main = (d) => d * 2'])
    assert.equal((await runner.run(source, { data: 21 })).result, 42, source);
});

test('any function can be the entry', async () => {
  const source = 'export const greet = (d) => `hello ${d}`; export function main() { return 1 }';
  assert.equal((await runner.run(source, { entry: 'greet', data: 'Ada' })).result, 'hello Ada');
});

test('a missing entry is named with what there is', async () => {
  const report = await runner.run('export function start() {}');
  assert.equal(report.error.kind, 'entry');
  assert.match(report.error.message, /no function "main".*exports start/);
  assert.equal((await runner.run('const x = 1')).error.kind, 'entry');
});

test('the result is JSON: undefined is null, what JSON cannot hold is left out', async () => {
  assert.equal((await runner.run('function main() {}')).result, null);
  assert.deepEqual((await runner.run('function main() { return { a: undefined, f() {}, n: NaN, d: new Date(0) } }')).result, { n: null, d: '1970-01-01T00:00:00.000Z' });
  assert.match((await runner.run('function main() { const a = {}; a.a = a; return a }')).error.message, /circular/i);
  assert.match((await runner.run('function main() { return 1n }')).error.message, /bigint/i);
});

test('"404 Not found" becomes a status and a message', async () => {
  const { error } = await runner.run('function main() {\n  throw new Error("404 Not found");\n}');
  assert.deepEqual([error.kind, error.status, error.message, error.line], ['thrown', 404, 'Not found', 2]);
  const { error: text } = await runner.run('function main() { throw "603 Declined" }');
  assert.deepEqual([text.status, text.message], [603, 'Declined']);
  assert.equal((await runner.run('function main() { throw new Error("200 OK") }')).error.status, undefined);
});

test('other errors carry name, message and place', async () => {
  const { error } = await runner.run('export function main() {\n\n  null.x;\n}');
  assert.equal(error.kind, 'thrown');
  assert.match(error.message, /^TypeError: /);
  assert.equal(error.line, 3);
  const { error: later } = await runner.run('async function main() {\n  await null;\n  throw new RangeError("too far");\n}');
  assert.deepEqual([later.message, later.line], ['RangeError: too far', 3]);
});

test('a syntax error has its line and column', async () => {
  const { error } = await runner.run('function main() {\n  let x = ;\n}');
  assert.deepEqual([error.kind, error.line, typeof error.column], ['syntax', 2, 'number']);
  const { error: exported } = await runner.run('export function main() {\n return 1 +* 2 }');
  assert.deepEqual([exported.kind, exported.line], ['syntax', 2]);
});

test('what the script prints comes back in order, also when it fails', async () => {
  const report = await runner.run('function main() { console.log("a", 1, { b: [2] }); log("b"); console.error(new Error("c")); throw new Error("d"); }');
  assert.deepEqual(report.console.slice(0, 2), [{ level: 'info', text: 'a 1 {"b":[2]}' }, { level: 'info', text: 'b' }]);
  assert.equal(report.console[2].level, 'error');
  assert.match(report.console[2].text, /^Error: c/);
});

test('ES2023 is there', async () => {
  assert.deepEqual((await runner.run('function main(d) { return [d.toSorted(), d.findLast((x) => x < 3), d.with(0, 9), Object.hasOwn({ a: 1 }, "a"), "x".at(-1)] }', { data: [3, 1, 2] })).result,
    [[1, 2, 3], 2, [9, 1, 2], true, 'x']);
});

test('imports are refused', async () => {
  for (const source of ['import fs from "node:fs"; export function main() {}', 'export async function main() { return await import("fs") }']) {
    const report = await runner.run(source);
    assert.equal(report.outcome, 'failed', source);
  }
});

test('chance and the clock are those of the run', async () => {
  const source = 'function main() { return [Date.now(), new Date().toISOString(), Math.random(), Math.random()] }';
  const one = await runner.run(source, { seed: 'chain-1', now: 1_700_000_000_000 });
  assert.deepEqual(one.result.slice(0, 2), [1_700_000_000_000, '2023-11-14T22:13:20.000Z']);
  assert.deepEqual((await runner.run(source, { seed: 'chain-1', now: 1_700_000_000_000 })).result, one.result);
  assert.notDeepEqual((await runner.run(source, { seed: 'chain-2', now: 1_700_000_000_000 })).result, one.result);
  assert.ok(one.result[2] >= 0 && one.result[2] < 1 && one.result[2] !== one.result[3]);
});

test('a check names the functions, or the fault with its place', async () => {
  const check = async (/** @type {string} */ source) => (await runner.post('/v1/checks', { source })).body;
  assert.deepEqual(await check('export function main() {}\nexport const next = () => 1;\nexport const x = 1;'), { valid: true, entries: ['main', 'next'] });
  assert.deepEqual(await check('function main() {}'), { valid: true, entries: ['main'] });
  const fault = await check('function main( {\n');
  assert.equal(fault.valid, false);
  assert.equal(fault.error.kind, 'syntax');
});
