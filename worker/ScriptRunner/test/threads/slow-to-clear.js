// In the place of the sandbox's thread: it answers with its job's name at once, and clears when the test opens the gate: with 1 it
// is ready then, with 2 it breaks. One that spins never ends.
import { parentPort } from 'node:worker_threads';
import { ownThread } from '../../src/sandbox/budget.js';

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
port.on('message', ({ job: { data: { gate, name, spins } } }) => {
  port.postMessage({ report: { outcome: 'done', result: name } });
  while (spins);
  Atomics.wait(gate, 0, 0);
  if (gate[0] === 2) throw new Error('broken');
  port.postMessage({ ready: true });
});
port.postMessage({ thread: ownThread() });
