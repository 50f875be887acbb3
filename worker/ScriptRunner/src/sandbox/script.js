import { createHash } from 'node:crypto';
import { RunFailure, SOURCE_NAME, failureOf } from './outcome.js';

/**
 * @typedef {import('./engine.js').CappedEngine} Engine
 * @typedef {import('./stage.js').Stage} Stage
 * @typedef {import('quickjs-emscripten-core').QuickJSContext} Context
 * @typedef {import('quickjs-emscripten-core').QuickJSHandle} Handle
 * @typedef {import('./outcome.js').Ending} Ending
 * @typedef {import('./outcome.js').Line} Line
 */

/**
 * @typedef {object} Answer what an earlier request of the script was answered with
 * @property {string} digest of the request, as it was handed out
 * @property {unknown} [value]
 * @property {{ message: string, reason?: string }} [error]
 * @property {number} [at] when it was answered, in milliseconds since 1970: the script's clock from then on
 */

/**
 * @typedef {object} Job
 * @property {string} source
 * @property {string} entry the function to call
 * @property {unknown} data
 * @property {unknown} ctx
 * @property {string} seed what the script's randomness is made from
 * @property {number} now the script's clock, in milliseconds since 1970
 * @property {Answer[]} answers to the script's requests so far, in their order
 * @property {{ milliseconds: number, stackBytes: number, outputBytes: number, calls: number }} limits
 */

const MOST_LINES = 1000;
const JOBS_AT_ONCE = 256;

/** One run of one script on a stage of its own, from its first line to an ending. */
export class Script {
  #engine;
  #stage;
  #job;
  #budget;
  /** @type {Line[]} */
  #console = [];
  #printed = 0;
  /** @type {Map<number, { call: string, text: string, digest: string }>} requests without an answer yet */
  #asked = new Map();
  /** @type {Ending | null} */
  #ending = null;
  /** @type {RunFailure | null} what a callback from the script found; thrown as soon as the script is out of the way */
  #broken = null;

  #spoiled = false;

  /** @param {Engine} engine @param {Stage} stage @param {Job} job @param {import('./budget.js').Budget} budget */
  constructor(engine, stage, job, budget) {
    this.#engine = engine;
    this.#stage = stage;
    this.#job = job;
    this.#budget = budget;
  }

  get console() {
    return this.#console;
  }

  /** The engine must not run another script: handles are still out, and it insists on having all of them back. */
  get spoiled() {
    return this.#spoiled;
  }

  /** @returns {Ending} */
  run() {
    return this.#inside((context, tools) => {
      const entry = this.#entry(context);
      const run = context.getProp(tools, 'run');
      const data = context.newString(JSON.stringify(this.#job.data ?? null));
      const ctx = context.newString(JSON.stringify(this.#job.ctx ?? null));
      this.#take(context, context.callFunction(run, context.undefined, entry, data, ctx)).dispose();
      for (const handle of [entry, run, data, ctx]) handle.dispose();
      return this.#follow(context, tools);
    });
  }

  /** Reads the script without calling any of its functions; answers with the names of those it offers. */
  check() {
    /** @type {string[]} */
    let entries = [];
    const ending = this.#inside((context) => {
      const before = this.#names(context, context.global);
      const exported = this.#load(context);
      if (exported) entries = this.#names(context, exported);
      else entries = this.#names(context, context.global).filter((name) => !before.includes(name));
      exported?.dispose();
      return { outcome: 'done', result: null };
    });
    return { ending, entries };
  }

  /** @param {(context: Context, tools: Handle) => Ending} work @returns {Ending} */
  #inside(work) {
    const { runtime, context } = this.#stage;
    runtime.setMaxStackSize(this.#job.limits.stackBytes);
    runtime.setInterruptHandler(() => this.#broken !== null || this.#budget.isSpent);
    try {
      const tools = this.#prelude(context);
      const ending = work(context, tools);
      tools.dispose();
      return ending;
    } catch (error) {
      this.#spoiled = true;
      if (error instanceof RunFailure) return { outcome: 'failed', error: { kind: error.kind, message: error.message } };
      if (error instanceof Thrown) return { outcome: 'failed', error: this.#broken ? { kind: this.#broken.kind, message: this.#broken.message } : error.failure };
      throw error;
    }
  }

  /** @param {Context} context */
  #prelude(context) {
    const host = context.newObject();
    const callbacks = {
      ask: (/** @type {Handle[]} */ [number, call, text]) => this.#ask(context.getNumber(number), context.getString(call), this.#text(context, text)),
      print: (/** @type {Handle[]} */ [level, text]) => this.#print(context.getString(level), this.#text(context, text)),
      done: (/** @type {Handle[]} */ [text]) => this.#done(this.#text(context, text)),
      failed: (/** @type {Handle[]} */ [text]) => { this.#ending ??= { outcome: 'failed', error: this.#failure(JSON.parse(context.getString(text))) }; },
    };
    for (const [name, callback] of Object.entries(callbacks))
      context.newFunction(name, (...parts) => this.#guarded(() => callback(parts))).consume((handle) => context.setProp(host, name, handle));
    const digest = createHash('sha256').update(this.#job.seed).digest();
    const told = this.#take(context, context.evalCode(`(${JSON.stringify({ now: this.#job.now, seed: [0, 4, 8, 12].map((at) => digest.readInt32LE(at)) })})`));
    const tools = this.#take(context, context.callFunction(this.#stage.prelude, context.undefined, host, told));
    for (const handle of [host, told]) handle.dispose();
    return tools;
  }

  /** A failure in a callback must not become an exception that the script can catch. @param {() => void} work */
  #guarded(work) {
    try {
      if (!this.#broken) work();
    } catch (error) {
      this.#broken ??= error instanceof RunFailure ? error : new RunFailure('crashed', 'The sandbox failed.');
    }
    return undefined;
  }

  /** @param {Context} context @returns {Handle} */
  #entry(context) {
    const exported = this.#load(context);
    const { entry } = this.#job;
    const found = exported ? context.getProp(exported, entry)
      : this.#take(context, context.evalCode(`typeof ${entry} === 'function' ? ${entry} : undefined`, 'host.js'));
    const isFunction = context.typeof(found) === 'function';
    const names = exported && !isFunction ? this.#names(context, exported) : [];
    exported?.dispose();
    if (isFunction) return found;
    found.dispose();
    const offer = names.length > 0 ? ` It exports ${names.join(', ')}.` : ` Write "export function ${entry}(data, ctx)".`;
    throw new RunFailure('entry', `The script has no function "${entry}".${offer}`);
  }

  /** Runs the top level. @param {Context} context @returns {Handle | null} what a module exports; null for a plain script */
  #load(context) {
    const { source } = this.#job;
    const asScript = this.#compile(context, 'global');
    if (asScript === null) {
      this.#take(context, context.evalCode(source, SOURCE_NAME, { type: 'global' })).dispose();
      return null;
    }
    const asModule = this.#compile(context, 'module');
    if (asModule !== null) throw new Thrown(/^\s*(export|import)\b/m.test(source) ? asModule : asScript);
    const loaded = this.#take(context, context.evalCode(source, SOURCE_NAME, { type: 'module' }));
    const state = context.getPromiseState(loaded);
    if (state.type === 'fulfilled') {
      if (state.notAPromise) return loaded;
      loaded.dispose();
      return state.value;
    }
    loaded.dispose();
    if (state.type === 'rejected') throw new Thrown(this.#describe(context, state.error));
    throw new RunFailure('stalled', 'The script waits at its top level. Wait inside of a function.');
  }

  /** @param {Context} context @param {'global'|'module'} type @returns {import('./outcome.js').Failure | null} why it cannot be read */
  #compile(context, type) {
    const result = context.evalCode(this.#job.source, SOURCE_NAME, { type, compileOnly: true });
    if (!result.error) {
      result.value.dispose();
      return null;
    }
    const failure = this.#describe(context, result.error);
    return failure.kind === 'thrown' ? { ...failure, kind: 'syntax' } : failure;
  }

  /** Lets the script go on until it ends or asks for something that has no answer yet. @param {Context} context @param {Handle} tools @returns {Ending} */
  #follow(context, tools) {
    let answered = 0;
    for (;;) {
      this.#drain(context);
      if (this.#ending) return this.#ending;
      const round = [...this.#asked.keys()];
      if (round.length === 0) throw new RunFailure('stalled', 'The script waits for a promise that nothing will settle.');
      // A round is answered as a whole, in the order of the questions, so that each repetition takes the same course.
      if (round.some((number) => number >= this.#job.answers.length)) return { outcome: 'waiting', requests: this.#open() };
      for (const number of round) this.#answer(context, tools, number);
      answered += round.length;
      if (answered > this.#job.limits.calls) throw new RunFailure('calls', `The script asked for more than ${this.#job.limits.calls} things.`);
    }
  }

  /** @param {Context} context */
  #drain(context) {
    const { runtime } = context;
    while (runtime.hasPendingJob() && !this.#ending) {
      const result = runtime.executePendingJobs(JOBS_AT_ONCE);
      if (result.error) throw new Thrown(this.#describe(context, result.error));
      if (this.#broken) throw this.#broken;
      if (this.#budget.isSpent) throw new RunFailure('time', 'The script ran longer than it may.');
    }
    if (this.#broken) throw this.#broken;
  }

  #open() {
    return [...this.#asked].filter(([number]) => number >= this.#job.answers.length)
      .map(([index, { call, text, digest }]) => ({ index, call, arguments: JSON.parse(text), digest }));
  }

  /** @param {Context} context @param {Handle} tools @param {number} number */
  #answer(context, tools, number) {
    const given = this.#job.answers[number];
    if (given.digest !== this.#asked.get(number)?.digest)
      throw new RunFailure('changed', `Request ${number + 1} is not what it was the first time: the script was changed while it ran.`);
    this.#asked.delete(number);
    const { value, error, at } = given;
    const text = context.newString(JSON.stringify(error ? { error, at } : { value: value ?? null, at }));
    const index = context.newNumber(number);
    const answer = context.getProp(tools, 'answer');
    this.#take(context, context.callFunction(answer, context.undefined, index, text)).dispose();
    for (const handle of [text, index, answer]) handle.dispose();
  }

  /** @param {number} number @param {string} call @param {string} text */
  #ask(number, call, text) {
    if (number >= this.#job.limits.calls) throw new RunFailure('calls', `The script asks for more than ${this.#job.limits.calls} things.`);
    this.#asked.set(number, { call, text, digest: createHash('sha256').update(call).update('\n').update(text).digest('base64url') });
  }

  /** @param {string} level @param {string} text */
  #print(level, text) {
    const left = this.#job.limits.outputBytes - this.#printed;
    if (left <= 0 || this.#console.length >= MOST_LINES) return;
    this.#printed += text.length;
    this.#console.push({ level, text: text.slice(0, left) });
  }

  /** @param {string} text */
  #done(text) {
    this.#ending ??= { outcome: 'done', result: JSON.parse(text) };
  }

  /** The text of a handle, not copied out of the sandbox before its length is known to be allowed. @param {Context} context @param {Handle} handle */
  #text(context, handle) {
    const length = context.getProp(handle, 'length').consume((value) => context.getNumber(value));
    if (length > this.#job.limits.outputBytes) throw new RunFailure('output', `The script gives more than ${this.#job.limits.outputBytes} characters.`);
    return context.getString(handle);
  }

  /** Names of the functions of an object. @param {Context} context @param {Handle} handle @returns {string[]} */
  #names(context, handle) {
    const found = context.getOwnPropertyNames(handle, { strings: true, onlyEnumerable: true });
    if (found.error) throw new Thrown(this.#describe(context, found.error));
    return found.value.filter((/** @type {Handle} */ key) => context.getProp(handle, key).consume((value) => context.typeof(value) === 'function'))
      .map((/** @type {Handle} */ key) => context.getString(key));
  }

  /** @param {Context} context @param {import('quickjs-emscripten-core').VmCallResult<Handle>} result @returns {Handle} */
  #take(context, result) {
    if (result.error) throw new Thrown(this.#describe(context, result.error));
    return result.value;
  }

  /** @param {Context} context @param {Handle} error @returns {import('./outcome.js').Failure} */
  #describe(context, error) {
    const dumped = error.consume((handle) => context.dump(handle));
    if (dumped === null || typeof dumped !== 'object') return this.#failure({ name: '', message: String(dumped), stack: '' });
    const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value.slice(0, 4096) : '');
    return this.#failure({ name: text(dumped.name), message: text(dumped.message), stack: text(dumped.stack) });
  }

  /** @param {{ name: string, message: string, stack: string }} thrown */
  #failure(thrown) {
    // Without the memory to make an error the engine throws null.
    return failureOf(thrown.message === 'null' && this.#engine.isFull ? null : thrown);
  }
}

/** Carries what a script threw through our own frames. */
class Thrown extends Error {
  /** @param {import('./outcome.js').Failure} failure */
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}
