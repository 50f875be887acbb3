import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startRunner } from './client.js';

/** @type {Awaited<ReturnType<typeof startRunner>>} */
let runner;
before(async () => { runner = await startRunner(); });
after(async () => { await runner.stop(); });

const CALLER = `
export async function main(data) {
  const before = await kv.get('count');
  const [page, made] = await Promise.all([http.fetch('https://example.test/'), calls.make({ to: data.to })]);
  try { await secrets.get('key'); } catch (error) { return { before, page, made, refused: error.message, reason: error.reason, at: Date.now() }; }
}`;

/**
 * Answers what the script asks for until it ends, as the functions do: each run starts anew, with all answers so far.
 * @param {string} source @param {(request: any) => object} answer @param {object} [more]
 */
async function follow(source, answer, more = {}) {
  /** @type {object[]} */
  const answers = [];
  /** @type {string[][]} */
  const rounds = [];
  for (let i = 0; i < 20; i++) {
    const report = await runner.run(source, { ...more, answers });
    if (report.outcome !== 'waiting') return { report, rounds, answers };
    rounds.push(report.requests.map((/** @type {any} */ request) => request.call));
    for (const request of report.requests) answers[request.index] = { digest: request.digest, ...answer(request) };
  }
  throw new Error('the script never ends');
}

test('a script that asks is run again from the answers, and asks each thing once', async () => {
  const { report, rounds } = await follow(CALLER, (request) => request.call === 'secrets.get'
    ? { error: { message: 'no such secret', reason: 'secret-not-found' }, at: 1000 }
    : { value: { [request.call]: request.arguments }, at: 500 }, { data: { to: '+49301' } });
  assert.deepEqual(rounds, [['kv.get'], ['http.fetch', 'calls.make'], ['secrets.get']]);
  assert.deepEqual(report.result, {
    before: { 'kv.get': ['count'] }, page: { 'http.fetch': ['https://example.test/'] }, made: { 'calls.make': [{ to: '+49301' }] },
    refused: 'no such secret', reason: 'secret-not-found', at: 1000,
  });
});

test('half of a round is no round: only the open requests are asked for again', async () => {
  const source = 'async function main() { return Promise.race([kv.get("a"), kv.get("b")]) }';
  const first = await runner.run(source);
  const half = await runner.run(source, { answers: [{ digest: first.requests[0].digest, value: 'A' }] });
  assert.deepEqual([half.outcome, half.requests.map((/** @type {any} */ r) => r.index)], ['waiting', [1]]);
  const answers = first.requests.map((/** @type {any} */ request) => ({ digest: request.digest, value: request.arguments[0] }));
  assert.equal((await runner.run(source, { answers })).result, 'a');
});

test('a script that asks something else than the first time is stopped', async () => {
  const first = await runner.run('async function main() { return kv.get("a") }');
  const report = await runner.run('async function main() { return kv.get("b") }', { answers: [{ digest: first.requests[0].digest, value: 1 }] });
  assert.equal(report.error.kind, 'changed');
});

test('what a script prints is not doubled by repetition', async () => {
  const { report } = await follow('async function main() { console.log(1); await kv.get("x"); console.log(2); }', () => ({ value: null }));
  assert.deepEqual(report.console.map((/** @type {any} */ line) => line.text), ['1', '2']);
});

test('a script may not ask forever', async () => {
  const { report } = await follow('async function main() { for (;;) await Promise.all(Array.from({ length: 10 }, () => kv.incr("n"))); }', () => ({ value: 1 }));
  assert.equal(report.error.kind, 'calls');
  assert.equal((await runner.run('async function main() { return Promise.all(Array.from({ length: 1000 }, () => kv.get("n"))); }')).error.kind, 'calls');
});

test('a script that waits for nothing is told so', async () => {
  assert.equal((await runner.run('function main() { return new Promise(() => {}) }')).error.kind, 'stalled');
});

test('the tools cannot be replaced for a later script', async () => {
  await runner.run('kv = { get: () => 1 }; globalThis.kv = 1; function main() { Object.prototype.poisoned = 1; Array.prototype.map = null; return 1 }');
  for (let i = 0; i < 8; i++) {
    const report = await runner.run('async function main() { return [({}).poisoned === undefined, [1].map((x) => x + 1), typeof kv.get, await kv.get("k")] }');
    assert.deepEqual([report.outcome, report.requests?.[0].arguments], ['waiting', ['k']]);
  }
});

test('requests that are not right are refused with the reason', async () => {
  const cases = /** @type {[unknown, RegExp][]} */ ([
    [{}, /"source"/], [{ source: 1 }, /"source"/], [{ source: 'x', entry: 'a b' }, /"entry"/], [{ source: 'x', entry: 'a)};evil(' }, /"entry"/], [{ source: 'x', entry: 'while' }, /"entry"/],
    [{ source: 'x', limits: { calls: 9999 } }, /calls/], [{ source: 'x', limits: { runMs: 0 } }, /runMs/], [{ source: 'x', answers: [{}] }, /digest/],
    [{ source: 'x', surplus: 1 }, /surplus/], [[], /object/], [{ source: 'x'.repeat(300_000) }, /characters/], [{ source: 'x', seed: 7 }, /seed/], [{ source: 'x', now: -1 }, /now/],
  ]);
  for (const [body, why] of cases) {
    const { status, body: problem } = await runner.post('/v1/runs', body);
    assert.equal(status, 400, JSON.stringify(body).slice(0, 80));
    assert.match(problem.title, why);
  }
  assert.equal((await runner.post('/v1/runs', '{"source":')).status, 400);
  assert.equal((await runner.post('/v1/runs', '{}', { 'Content-Type': 'text/plain' })).status, 400);
});

test('a body over the limit is cut off', async () => {
  assert.equal((await runner.post('/v1/runs', JSON.stringify({ source: 'x', data: 'y'.repeat(5_000_000) }))).status, 413);
});

test('without the token nothing is run, and the health can be read', async () => {
  for (const header of ['', 'Bearer ', 'Bearer wrong', 'Basic YQ==']) {
    const { status, headers, body } = await runner.post('/v1/runs', { source: 'function main() {}' }, { Authorization: header });
    assert.deepEqual([status, body.reason, headers.get('www-authenticate')], [401, 'runner-token-invalid', 'Bearer']);
  }
  assert.equal((await runner.health()).status, 'ok');
  assert.equal((await fetch(`${runner.origin}/v1/runs`)).status, 405);
  assert.equal((await fetch(`${runner.origin}/nowhere`)).status, 404);
});

test('no script, data or token is in the log', async () => {
  await runner.run('function main() { throw new Error("needle-1") } // needle-2', { data: 'needle-3' });
  assert.doesNotMatch(JSON.stringify(runner.lines), /needle|a-token/);
  assert.ok(runner.lines.some((line) => line.event === 'run'));
});

test('half of a character is told as U+FFFD, and whole ones stay, so that every text can be read', async () => {
  const report = await runner.run(String.raw`function main() { return { cut: 'a😀'.slice(0, 2), ['😀'.slice(0, 1)]: 1, whole: '😀', told: '\\ud83d', quote: '"\\' } }`);
  assert.deepEqual(report.result, { cut: 'a\ufffd', '\ufffd': 1, whole: '😀', told: '\\ud83d', quote: '"\\' });
  const asks = await runner.run(`async function main() { await kv.get('😀'.slice(0, 1)) }`);
  assert.deepEqual(asks.requests[0].arguments, ['\ufffd']);
});
