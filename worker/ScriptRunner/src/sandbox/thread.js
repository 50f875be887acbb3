// A thread that runs one script at a time. Told to run a job, it answers with a report, and is ready for another when it says so.
import { parentPort, workerData } from 'node:worker_threads';
import { performance } from 'node:perf_hooks';
import { Budget, ownThread } from './budget.js';
import { CappedEngine } from './engine.js';
import { Script } from './script.js';
import { Stage } from './stage.js';

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
const { memoryMb } = workerData;
const thread = ownThread();

let capped = await CappedEngine.make(memoryMb);
let stage = new Stage(capped);
port.on('message', ({ kind, job }) => void work(kind, job));
port.postMessage({ thread });

/** @param {'run' | 'check'} kind @param {import('./script.js').Job} job */
async function work(kind, job) {
  const began = performance.now();
  const script = new Script(capped, stage, job, new Budget(job.limits.milliseconds, thread));
  /** @type {object} */
  let answer;
  let fresh = false;
  try {
    answer = kind === 'run' ? script.run() : script.check();
  } catch {
    // The engine itself gave up; nothing of what it holds can be trusted.
    fresh = true;
    answer = { outcome: 'failed', error: { kind: 'crashed', message: 'The script broke the sandbox it ran in.' } };
    if (kind === 'check') answer = { ending: answer, entries: [] };
  }
  const report = { ...answer, console: script.console, milliseconds: Math.round((performance.now() - began) * 10) / 10 };
  // Whoever asked need not wait for the clearing, and whoever comes next has nothing to do with it.
  port.postMessage({ report });
  if (fresh || script.spoiled || capped.hasGrown || !clear()) {
    capped = await CappedEngine.make(memoryMb);
    stage = new Stage(capped);
  }
  port.postMessage({ ready: true });
}

/** @returns {boolean} false when the engine must not be used any more */
function clear() {
  try {
    stage.dispose();
    stage = new Stage(capped);
    return true;
  } catch {
    return false;
  }
}
