import assert from 'node:assert/strict';
import { on } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { Pool } from '../src/sandbox/pool.js';

const LIMITS = { milliseconds: 2000, stackBytes: 512 * 1024, outputBytes: 1000, calls: 1 };
const TIMEOUT = { timeout: 120_000 };

/** Two threads, of which one may work, and how to let them clear. @param {import('node:test').TestContext} t */
async function slowPool(t) {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const pool = new Pool({ threads: 1, queue: 10, queueMs: 120_000, memoryMb: 32 }, new URL('threads/slow-to-clear.js', import.meta.url));
  t.after(() => pool.close());
  await pool.ready();
  return {
    pool,
    /** @param {string} name */
    run: async (name, spins = false) =>
      (await pool.run('run', { source: '', entry: 'main', data: { gate, name, spins }, ctx: null, seed: '', now: 0, answers: [], limits: LIMITS })).result,
    /** @param {1 | 2} how */
    open(how) {
      Atomics.store(gate, 0, how);
      Atomics.notify(gate, 0);
    },
  };
}

test('an answer does not wait for the clearing, and the next script waits for a thread that has cleared', TIMEOUT, async (t) => {
  const { pool, run, open } = await slowPool(t);
  assert.deepEqual([await run('a'), await run('b')], ['a', 'b']);
  const next = run('c');
  assert.deepEqual([pool.waiting, pool.busy], [1, 0]);
  open(1);
  assert.equal(await next, 'c');
});

test('a thread that breaks while it clears breaks no other script', TIMEOUT, async (t) => {
  const { run, open } = await slowPool(t);
  assert.deepEqual([await run('a'), await run('b')], ['a', 'b']);
  const next = run('c');
  open(2);
  assert.equal(await next, 'c');
});

test('a thread that does not end its clearing is ended, and the next script runs on another', TIMEOUT, async (t) => {
  const { run } = await slowPool(t);
  assert.deepEqual([await run('a', true), await run('b', true)], ['a', 'b']);
  assert.equal(await run('c'), 'c');
});

test('the sandbox reports, clears and says that it is ready, whatever the script has left behind', TIMEOUT, async (t) => {
  const worker = new Worker(new URL('../src/sandbox/thread.js', import.meta.url), { workerData: { memoryMb: 32 } });
  t.after(() => worker.terminate());
  const messages = on(worker, 'message');
  const told = async () => (await messages.next()).value[0];
  assert.ok('thread' in await told());
  for (const [source, outcome] of [
    ['function main() { return 1 }', 'done'],
    ['function main() { globalThis.kept = Array.from({ length: 3e4 }, (_, i) => ({ i })); return 1 }', 'done'],
    ['function main() { const a = []; for (let i = 0; i < 20; i++) a.push(new Uint8Array(1 << 20)); return a.length }', 'done'],
    ['function main() { const a = []; for (;;) a.push(new Uint8Array(1 << 20)) }', 'failed'],
    ['function main() { throw new Error("x") }', 'failed'],
  ]) {
    worker.postMessage({ kind: 'run', job: { source, entry: 'main', data: null, ctx: null, seed: '', now: 0, answers: [], limits: LIMITS } });
    assert.equal((await told()).report.outcome, outcome, source);
    assert.deepEqual(await told(), { ready: true }, source);
  }
});
