import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startRunner } from './client.js';

// Every way out that scripts are known to try. Each ends within its limits with an error that says which, and the runner
// serves the next script at once.

/** @type {Awaited<ReturnType<typeof startRunner>>} */
let runner;
before(async () => { runner = await startRunner({ SCRIPT_RUNNER_THREADS: '2', SCRIPT_RUNNER_RUN_MS: '500' }); });
after(async () => { await runner.stop(); });

/** @type {[string, string, string[]][]} name, script, the kinds of failure that are right */
const BOMBS = [
  ['endless loop', 'function main() { for (;;); }', ['time']],
  ['endless loop at the top level', 'for (;;);', ['time']],
  ['endless loop that catches', 'function main() { for (;;) try { for (;;); } catch {} }', ['time']],
  ['endless loop in finally', 'function main() { try { for (;;); } finally { for (;;); } }', ['time']],
  ['endless generator', 'function* g() { for (;;) yield 1 } function main() { for (const x of g()); }', ['time']],
  ['endless spread', 'function main() { return [...(function* () { for (;;) yield 1 })()] }', ['time', 'memory']],
  ['flood of promises', 'async function main() { const again = () => Promise.resolve().then(again); await again(); }', ['time', 'memory', 'stalled']],
  ['flood of awaits', 'async function main() { for (;;) await null }', ['time']],
  ['growing promises', 'async function main() { const all = []; for (;;) all.push(new Promise(() => {})) }', ['time', 'memory']],
  ['regular expression bomb', 'function main() { return /^(a+)+$/.test("a".repeat(40) + "b") }', ['time']],
  ['regular expression nest', 'function main() { return new RegExp("(".repeat(50000) + ")".repeat(50000)) }', ['stack', 'thrown', 'memory']],
  ['memory in arrays', 'function main() { const a = []; for (;;) a.push(new Array(100000).fill(7)) }', ['memory']],
  ['memory in strings', 'function main() { let s = "x"; for (;;) s += s }', ['memory', 'thrown', 'time']],
  ['memory in buffers', 'function main() { const a = []; for (;;) a.push(new Uint8Array(1 << 20)) }', ['memory', 'thrown']],
  ['memory in a map', 'function main() { const m = new Map(); for (let i = 0; ; i++) m.set(i, {}) }', ['memory', 'time']],
  ['huge array length', 'function main() { return new Array(4294967295).join("x") }', ['memory', 'time', 'thrown']],
  ['huge repeat', 'function main() { return "x".repeat(2 ** 31) }', ['thrown', 'memory']],
  ['huge big integer', 'function main() { let x = 1n << 100000n; for (;;) x *= x }', ['time', 'memory', 'thrown']],
  ['endless recursion', 'function main() { return main() }', ['stack']],
  ['endless recursion that catches', 'function f() { try { f() } catch { f() } } function main() { f() }', ['stack', 'time']],
  ['recursion through getters', 'function main() { const o = { get x() { return this.x } }; return o.x }', ['stack']],
  ['recursion through proxies', 'function main() { let p = new Proxy({}, {}); for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); return p.x }', ['stack', 'memory', 'time']],
  ['recursion through toString', 'function main() { const a = {}; a.toString = () => "" + a; return "" + a }', ['stack']],
  ['deep nesting in JSON', 'function main() { return JSON.parse("[".repeat(1000000)) }', ['stack', 'thrown', 'crashed']],
  ['deep nesting of the result', 'function main() { let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return a }', ['stack', 'memory', 'output', 'time', 'crashed', 'thrown']],
  ['deep nesting in code', 'function main() { return eval("(".repeat(200000)) }', ['stack', 'thrown', 'crashed']],
  ['deep nesting in the script', '('.repeat(200_000), ['stack', 'syntax', 'crashed']],
  ['huge result', 'function main() { return "x".repeat(1000000) }', ['output']],
  ['huge argument', 'async function main() { await kv.set("k", "x".repeat(1000000)) }', ['output']],
  ['toJSON that never ends', 'function main() { return { toJSON() { for (;;); } } }', ['time']],
  ['getter that never ends', 'function main() { return { get a() { for (;;); } } }', ['time']],
  ['error whose message never ends', 'function main() { throw { get message() { for (;;); } } }', ['time']],
  ['then that never ends', 'function main() { return { then() { for (;;); } } }', ['time']],
  ['proxy that never ends', 'function main() { return new Proxy({}, { ownKeys() { for (;;); } }) }', ['time']],
  ['sorting that never ends', 'function main() { return [3, 1, 2].sort(() => { for (;;); }) }', ['time']],
  ['native call over a huge length', 'function main() { return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1) }', ['time']],
  ['stolen interruption', 'function main() { try { for (;;); } catch (e) { return "caught" } return "on" }', ['time']],
  ['no promise machinery left', 'Promise.prototype.then = function () { for (;;); }; async function main() { return 1 }', ['time', 'stalled', 'thrown']],
];

for (const [name, source, kinds] of BOMBS) {
  test(`${name} ends with a clear error`, async () => {
    const report = await runner.run(source);
    assert.equal(report.outcome, 'failed', JSON.stringify(report).slice(0, 200));
    assert.ok(kinds.includes(report.error.kind), `${report.error.kind}: ${report.error.message}`);
    assert.ok(report.error.message.length > 10, `"${report.error.message}"`);
    assert.equal((await runner.run('function main() { return "next" }')).result, 'next');
  });
}

/** @type {[string, string][]} name, script that answers "nothing" or what it found */
const WAYS_OUT = [
  ['the constructor of a function', 'return typeof (function () {}).constructor("return typeof process !== \'undefined\' ? process : typeof require !== \'undefined\' ? require : undefined")()'],
  ['the constructor of an async function', 'return typeof (await (async () => {}).constructor("return typeof process === \'undefined\' ? undefined : process")())'],
  ['the constructor of a generator', 'return typeof (function* () {}).constructor("return typeof process === \'undefined\' ? undefined : process")().next().value'],
  ['the constructor of a tool', 'return typeof kv.get.constructor("return this.process")()'],
  ['the constructor of an answer\'s promise', 'return typeof kv.get("x").constructor.constructor("return this.process")()'],
  ['indirect eval', 'return typeof (0, eval)("this.process")'],
  ['the error of the host', 'try { null.x } catch (e) { return typeof e.constructor.constructor("return this.process")() }'],
  ['a prepared stack trace', 'Error.prepareStackTrace = (e, s) => s; const s = new Error().stack; return typeof s.constructor.constructor("return this.process")()'],
  ['a walk along every property and prototype', `const seen = new Set(), todo = [globalThis, kv, http, calls, secrets, console, kv.get('x'), function* () {}, async () => {}], found = [];
    while (todo.length > 0) {
      const it = todo.pop();
      if (it === null || (typeof it !== 'object' && typeof it !== 'function') || seen.has(it)) continue;
      seen.add(it);
      for (const key of Reflect.ownKeys(it)) {
        if (/^(process|require|module|Buffer|WebAssembly|WebSocket|XMLHttpRequest|importScripts|postMessage|setTimeout)$/.test(String(key))) found.push(String(key));
        const { value, get, set } = Reflect.getOwnPropertyDescriptor(it, key);
        todo.push(value, get, set);
      }
      todo.push(Reflect.getPrototypeOf(it));
    }
    return seen.size > 100 && found.length === 0 ? 'undefined' : found.join()`],
  ['arguments of the caller', 'function f() { return typeof f.caller } try { return f() === "object" || f() === "undefined" ? "undefined" : f() } catch { return "undefined" }'],
];

for (const [name, body] of WAYS_OUT) {
  test(`no host is found through ${name}`, async () => {
    const report = await runner.run(`async function main() { ${body} }`);
    assert.deepEqual([report.outcome, report.result], ['done', 'undefined'], JSON.stringify(report));
  });
}

test('the globals are those of the language and the tools, and nothing else', async () => {
  const { result } = await runner.run('function main() { return Object.getOwnPropertyNames(globalThis).sort() }');
  const language = ['AggregateError', 'Array', 'ArrayBuffer', 'AsyncDisposableStack', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Date', 'DisposableStack', 'Error', 'EvalError',
    'Float16Array', 'Float32Array', 'Float64Array', 'Function', 'Infinity', 'Int16Array', 'Int32Array', 'Int8Array', 'InternalError', 'Iterator', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object',
    'Promise', 'Proxy', 'RangeError', 'ReferenceError', 'Reflect', 'RegExp', 'Set', 'String', 'SuppressedError', 'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'Uint16Array', 'Uint32Array', 'Uint8Array',
    'Uint8ClampedArray', 'WeakMap', 'WeakSet', 'atob', 'btoa', 'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent', 'escape', 'eval', 'globalThis', 'isFinite', 'isNaN', 'parseFloat',
    'parseInt', 'queueMicrotask', 'undefined', 'unescape'];
  const ours = ['calls', 'console', 'http', 'kv', 'log', 'main', 'secrets'];
  assert.deepEqual(result.filter((/** @type {string} */ name) => !language.includes(name) && !ours.includes(name)), []);
});

test('what one script leaves behind no other script sees', async () => {
  await Promise.all(Array.from({ length: 6 }, () => runner.run('globalThis.left = 1; Object.prototype.left = 2; function main() { return 1 }')));
  for (let i = 0; i < 6; i++)
    assert.deepEqual((await runner.run('function main() { return [typeof left, typeof ({}).left] }')).result, ['undefined', 'undefined']);
});

test('a flood of output is cut, and the run goes on', async () => {
  const report = await runner.run('function main() { for (let i = 0; i < 3000; i++) console.log("x".repeat(1000)); return 1 }', { limits: { outputBytes: 10_000 } });
  assert.equal(report.result, 1);
  assert.ok(report.console.reduce((/** @type {number} */ sum, /** @type {any} */ line) => sum + line.text.length, 0) <= 10_000);
});
