import { readFileSync, readlinkSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

const STARVED = 10; // A run that gets less than this part of a processor is ended all the same.

/** The thread that asks, as Linux numbers it; null on other systems. */
export function ownThread() {
  try {
    return Number(/\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1] ?? NaN) || null;
  } catch {
    return null;
  }
}

/** Milliseconds of processor time that a thread of this process has had; on systems that do not tell, time as such. @param {number | null} thread */
export function processorTime(thread) {
  if (thread === null) return performance.now();
  try {
    return Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'latin1').split(' ', 1)[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

/** What a run may compute. Time in which the machine did something else does not count, within reason. */
export class Budget {
  #milliseconds;
  #thread;
  #began = performance.now();
  #had;
  #next;

  /** @param {number} milliseconds @param {number | null} thread */
  constructor(milliseconds, thread) {
    this.#milliseconds = milliseconds;
    this.#thread = thread;
    this.#had = processorTime(thread);
    this.#next = this.#began + milliseconds;
  }

  /** Milliseconds until it is worth asking again; 0 when the budget is spent. */
  get left() {
    const now = performance.now();
    if (now < this.#next) return this.#next - now;
    const left = this.#milliseconds - (processorTime(this.#thread) - this.#had);
    if (left <= 0 || now - this.#began > STARVED * this.#milliseconds) return 0;
    this.#next = now + left;
    return left;
  }

  get isSpent() {
    return this.left <= 0;
  }
}
