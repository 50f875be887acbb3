import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TOKEN, startRunner } from './client.js';

test('more runs than threads wait for their turn', async (t) => {
  const runner = await startRunner({ SCRIPT_RUNNER_THREADS: '2' });
  t.after(() => runner.stop());
  const reports = await Promise.all(Array.from({ length: 100 }, (_, i) => runner.run('function main(d) { let x = 0; for (let i = 0; i < 1e4; i++) x += i; return d }', { data: i })));
  assert.deepEqual(reports.map((report) => report.result), Array.from({ length: 100 }, (_, i) => i));
});

test('when the queue is full the next run is sent away with a time to come back', async (t) => {
  const runner = await startRunner({ SCRIPT_RUNNER_THREADS: '1', SCRIPT_RUNNER_QUEUE: '2', SCRIPT_RUNNER_QUEUE_MS: '300000', SCRIPT_RUNNER_RUN_MS: '1000' });
  t.after(() => runner.stop());
  const body = { source: 'function main() { for (;;); }' };
  const answers = await Promise.all(Array.from({ length: 8 }, () => runner.post('/v1/runs', body)));
  const refused = answers.filter((answer) => answer.status === 503);
  assert.equal(answers.filter((answer) => answer.status === 200).length, 3);
  assert.deepEqual([...new Set(refused.map((answer) => `${answer.body.reason} ${answer.headers.get('retry-after')}`))], ['runner-busy 1']);
});

test('a run that waits too long is sent away', async (t) => {
  const runner = await startRunner({ SCRIPT_RUNNER_THREADS: '1', SCRIPT_RUNNER_QUEUE_MS: '50', SCRIPT_RUNNER_RUN_MS: '2000' });
  t.after(() => runner.stop());
  const long = runner.run('function main() { for (;;); }');
  while ((await runner.health()).busy === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.equal((await runner.post('/v1/runs', { source: 'function main() {}' })).status, 503);
  assert.equal((await long).error.kind, 'time');
});

test('TERM answers what is under way and ends with 0', async () => {
  const runner = await startRunner({ SCRIPT_RUNNER_RUN_MS: '1000' });
  const long = runner.run('function main() { const end = 3e5; let x = 0; for (let i = 0; i < end; i++) x += i; return x }');
  while (runner.lines.every((line) => line.event !== 'run') && (await runner.health()).busy === 0);
  assert.equal(await runner.stop(), 0);
  assert.equal((await long).outcome, 'done');
});

test('settings that are wrong are all named', async () => {
  const { readSettings } = await import('../src/settings.js');
  const { faults } = readSettings({ SCRIPT_RUNNER_PORT: '70000', SCRIPT_RUNNER_TOKENS: 'short', SCRIPT_RUNNER_THREADS: 'two' }, 4);
  assert.deepEqual(faults.map((fault) => fault.split(' ')[0]).sort(), ['SCRIPT_RUNNER_PORT', 'SCRIPT_RUNNER_THREADS', 'SCRIPT_RUNNER_TOKENS:']);
  const [last, next] = ['a'.repeat(32), 'b'.repeat(32)];
  assert.deepEqual(readSettings({ SCRIPT_RUNNER_TOKENS: last, SCRIPT_RUNNER_MORE_TOKENS: next }, 4).settings.tokens, [last, next]);
  await assert.rejects(startRunner({ SCRIPT_RUNNER_TOKENS: '' }), /ended with 2/);
});

test('a runner that cannot start its threads says why and ends', async () => {
  // Without the packages: a copy of the sources alone.
  const folder = mkdtempSync(join(tmpdir(), 'script-runner-'));
  try {
    cpSync(new URL('../src', import.meta.url), join(folder, 'src'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const child = spawn(process.execPath, [join(folder, 'src/main.js')], { env: { PATH: process.env.PATH, SCRIPT_RUNNER_TOKENS: TOKEN }, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (part) => { said += part; });
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(said, /^Scripts cannot be run here: .*quickjs/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
