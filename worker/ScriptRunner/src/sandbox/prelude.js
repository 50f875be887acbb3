// What a script finds when it starts. This text runs inside the sandbox, before the script, and is the only bridge: every
// value crosses as JSON text. Nothing here protects the host (the sandbox does that); it gives the script its tools and makes
// a run repeatable, so that a script can be run again from the recorded answers to what it asked for.

/** The source of a function expression, called with what the host gives and what this run is told. */
export const PRELUDE = String.raw`(function (host, told) {
  'use strict';
  const { parse, stringify } = JSON;
  const TheDate = Date;
  let time = told.now;

  // Chance and the clock are the run's own: the same on every repetition.
  let a = told.seed[0] | 0, b = told.seed[1] | 0, c = told.seed[2] | 0, d = told.seed[3] | 0;
  Math.random = function random() {
    const t = (a + b | 0) + d | 0;
    d = d + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = c << 21 | c >>> 11;
    c = c + t | 0;
    return (t >>> 0) / 4294967296;
  };
  globalThis.Date = class Date extends TheDate {
    constructor(...parts) {
      if (parts.length === 0) super(time);
      else super(...parts);
    }
    static now() { return time; }
  };
  for (const name of ['performance', 'navigator', 'WeakRef', 'FinalizationRegistry', 'Atomics', 'SharedArrayBuffer', 'DOMException', 'gc'])
    delete globalThis[name];

  const waiting = new Map();
  let asked = 0;
  const ask = (call, parts) => new Promise((resolve, reject) => {
    const text = stringify(parts);
    const number = asked++;
    host.ask(number, call, text);
    waiting.set(number, { resolve, reject });
  });
  const answer = (number, text) => {
    const given = parse(text);
    const { resolve, reject } = waiting.get(number);
    waiting.delete(number);
    if (given.at !== undefined) time = given.at;
    if (given.error === undefined) resolve(given.value);
    else reject(Object.assign(new Error(given.error.message), { reason: given.error.reason }));
  };

  const tool = (group, names) => Object.freeze(Object.fromEntries(names.map((name) => [name, (...parts) => ask(group + '.' + name, parts)])));
  const fixed = (name, value) => Object.defineProperty(globalThis, name, { value, enumerable: false });
  fixed('kv', tool('kv', ['get', 'set', 'incr', 'delete', 'keys']));
  fixed('http', tool('http', ['fetch']));
  fixed('calls', tool('calls', ['make', 'end', 'list']));
  fixed('secrets', tool('secrets', ['get']));

  const show = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return String(value.stack ? value.name + ': ' + value.message + '\n' + value.stack : value);
    if (typeof value === 'object' && value !== null) {
      try { return stringify(value) ?? String(value); } catch { return Object.prototype.toString.call(value); }
    }
    return String(value);
  };
  const print = (level) => (...parts) => { host.print(level, parts.map(show).join(' ')); };
  fixed('console', Object.freeze({ log: print('info'), info: print('info'), warn: print('warn'), error: print('error'), debug: print('debug') }));
  fixed('log', print('info'));

  const describe = (thrown) => {
    const of = (read) => { try { const text = read(); return typeof text === 'string' ? text.slice(0, 4096) : ''; } catch { return ''; } };
    const isObject = typeof thrown === 'object' && thrown !== null || typeof thrown === 'function';
    return stringify({
      name: isObject ? of(() => thrown.name) : '',
      message: isObject ? of(() => thrown.message) : of(() => String(thrown)),
      stack: isObject ? of(() => thrown.stack) : '',
    });
  };
  const run = (entry, dataText, ctxText) => {
    const finish = (value) => { const text = stringify(value); host.done(text === undefined ? 'null' : text); };
    const fail = (thrown) => { host.failed(describe(thrown)); };
    new Promise((resolve) => resolve(entry(parse(dataText), parse(ctxText)))).then(finish).catch(fail);
  };
  return { run, answer, describe };
})`;
