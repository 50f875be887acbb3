import { Worker } from 'node:worker_threads';
import { Budget } from './budget.js';

/**
 * @typedef {import('./script.js').Job} Job
 * @typedef {import('./outcome.js').RunReport} RunReport
 * @typedef {{ kind: 'run' | 'check', job: Job, settle: (report: any) => void, refuse: (error: Error) => void, waiting: NodeJS.Timeout }} Waiting
 */

/** No thread can take the run in time. */
export class Busy extends Error {}

const GRACE_MS = 250; // What the engine may take beyond its limit, between two looks at the clock, before its thread is ended.
const CLEARING_MS = 500; // What a thread may take to be ready for another script.
const THREAD_MEMORY_MB = 128;
const THREAD_STACK_MB = 16; // The engine's own stack limit must be reached first.
const THREAD = new URL('thread.js', import.meta.url);

/** Threads that run scripts, and the runs that wait for one. A thread that does not answer or clear in time is ended and replaced. */
export class Pool {
  #size;
  #memoryMb;
  #program;
  #most;
  #patience;
  /** @type {Thread[]} */
  #threads = [];
  /** @type {Waiting[]} */
  #queue = [];
  #closed = false;
  #hasStarted = false;

  /** @param {{ threads: number, queue: number, queueMs: number, memoryMb: number }} settings @param {URL} [program] of a thread; another one only in tests */
  constructor({ threads, queue, queueMs, memoryMb }, program = THREAD) {
    this.#memoryMb = memoryMb;
    this.#program = program;
    this.#size = threads;
    this.#most = queue;
    this.#patience = queueMs;
    // One more than may work, so that the place of one that clears, or had to be ended, is taken at once.
    for (let i = 0; i < threads + 1; i++) this.#start();
  }

  get busy() {
    return this.#threads.filter((thread) => thread.busy).length;
  }

  get waiting() {
    return this.#queue.length;
  }

  /** Completes when a run would find a thread. @throws {Error} what keeps threads from starting */
  async ready() {
    await Promise.all(this.#threads.map((thread) => thread.ready));
    this.#hasStarted = true;
  }

  /** @param {'run' | 'check'} kind @param {Job} job @returns {Promise<any>} @throws {Busy} */
  run(kind, job) {
    return new Promise((settle, refuse) => {
      if (this.#queue.length >= this.#most + Math.max(0, this.#size - this.busy)) return refuse(new Busy('Too many scripts wait already.'));
      const waiting = setTimeout(() => {
        this.#queue = this.#queue.filter((other) => other !== entry);
        refuse(new Busy('No script could be run in time.'));
      }, this.#patience);
      const entry = { kind, job, settle, refuse, waiting };
      this.#queue.push(entry);
      this.#next();
    });
  }

  async close() {
    this.#closed = true;
    for (const { refuse, waiting } of this.#queue.splice(0)) {
      clearTimeout(waiting);
      refuse(new Busy('The script runner is stopping.'));
    }
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }

  #next() {
    while (this.#queue.length > 0 && this.busy < this.#size) {
      const thread = this.#threads.find((candidate) => candidate.free);
      if (!thread) return;
      const entry = /** @type {Waiting} */ (this.#queue.shift());
      clearTimeout(entry.waiting);
      thread.run(entry.kind, entry.job, (report) => {
        entry.settle(report);
        this.#next();
      });
    }
  }

  #start() {
    const thread = new Thread(this.#program, this.#memoryMb, () => this.#next(), () => {
      this.#threads = this.#threads.filter((other) => other !== thread);
      // Where the first ones cannot start, neither can those that would take their places.
      if (!this.#closed && this.#hasStarted) this.#start();
      this.#next();
    });
    this.#threads.push(thread);
  }
}

class Thread {
  #worker;
  /** @type {'starting' | 'free' | 'running' | 'clearing' | 'ended'} */
  #state = 'starting';
  /** @type {((report: any) => void) | null} */
  #settle = null;
  /** @type {'run' | 'check'} */
  #kind = 'run';
  /** @type {NodeJS.Timeout | undefined} */
  #limit;
  /** @type {number | null} */
  #thread = null;

  /** @param {URL} program @param {number} memoryMb @param {() => void} isFree whenever it can take a script @param {() => void} isGone */
  constructor(program, memoryMb, isFree, isGone) {
    this.#worker = new Worker(program, {
      env: {}, argv: [], stdin: false, name: 'script', workerData: { memoryMb },
      resourceLimits: { maxOldGenerationSizeMb: THREAD_MEMORY_MB, stackSizeMb: THREAD_STACK_MB },
    });
    /** @type {Error} */
    let fault = new Error('A thread has ended before it was ready.');
    this.#worker.on('error', (error) => { fault = /** @type {Error} */ (error); }); // 'exit' follows.
    this.ready = new Promise((resolve, reject) => {
      this.#worker.once('message', ({ thread }) => {
        this.#thread = thread;
        this.#state = 'free';
        resolve(undefined);
        isFree();
        this.#worker.on('message', ({ report }) => {
          if (report && this.#state === 'running') this.#reported(report);
          else if (!report && this.#state === 'clearing') this.#cleared(isFree);
        });
      });
      this.#worker.once('exit', () => {
        this.#state = 'ended';
        reject(fault);
        isGone();
        this.#failed('crashed', 'The script broke the sandbox it ran in.');
      });
    });
    this.ready.catch(() => {}); // For those that nobody waits for.
  }

  /** It has a script. */
  get busy() {
    return this.#settle !== null;
  }

  get free() {
    return this.#state === 'free';
  }

  /** @param {'run' | 'check'} kind @param {Job} job @param {(report: any) => void} settle */
  run(kind, job, settle) {
    this.#state = 'running';
    this.#settle = settle;
    this.#kind = kind;
    this.#watch(new Budget(job.limits.milliseconds + GRACE_MS, this.#thread));
    this.#worker.postMessage({ kind, job });
  }

  /** @param {Budget} budget */
  #watch(budget) {
    const { left } = budget;
    if (left > 0) {
      this.#limit = setTimeout(() => this.#watch(budget), left + 1);
      return;
    }
    this.#state = 'ended';
    this.#failed('time', 'The script ran longer than it may.');
    void this.end();
  }

  async end() {
    await this.#worker.terminate();
  }

  /** The script is done with, its thread is not: that is charged to nobody, and nobody's failure. @param {any} report */
  #reported(report) {
    this.#state = 'clearing';
    clearTimeout(this.#limit);
    this.#watch(new Budget(CLEARING_MS, this.#thread));
    this.#answer(report);
  }

  /** @param {() => void} isFree */
  #cleared(isFree) {
    this.#state = 'free';
    clearTimeout(this.#limit);
    isFree();
  }

  /** @param {any} report */
  #answer(report) {
    const settle = this.#settle;
    this.#settle = null;
    settle?.(report);
  }

  /** Of no account where no script is under way. @param {import('./outcome.js').FailureKind} kind @param {string} message */
  #failed(kind, message) {
    clearTimeout(this.#limit);
    const ending = { outcome: 'failed', error: { kind, message } };
    this.#answer(this.#kind === 'run' ? { ...ending, console: [], milliseconds: 0 } : { ending, entries: [], console: [], milliseconds: 0 });
  }
}
