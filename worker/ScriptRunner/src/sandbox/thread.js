// A thread that runs one script at a time. Told to run a job, it answers with a report.
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
let working = Promise.resolve();
// One after the other: the next job may come while what the last one left is still being cleared away.
port.on('message', ({ kind, job }) => { working = working.then(() => work(kind, job)); });
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
  const isGood = !fresh && !script.spoiled && !capped.hasGrown;
  // Whoever asked need not wait until the stage is ready for the next script; a new engine is made first, since another thread may be quicker.
  if (isGood) port.postMessage({ report });
  if (!isGood || !clear()) {
    capped = await CappedEngine.make(memoryMb);
    stage = new Stage(capped);
  }
  if (!isGood) port.postMessage({ report });
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
