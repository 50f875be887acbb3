// What a run can come to.

/**
 * Why a run failed.
 * - `syntax`: the script cannot be read
 * - `entry`: it has no function of the name asked for
 * - `thrown`: it threw
 * - `time`, `memory`, `stack`, `output`, `calls`: it went over that limit
 * - `stalled`: it waits for a promise that nothing can settle
 * - `changed`: run again, it did not ask for what it asked for the first time
 * - `crashed`: the sandbox itself gave up
 * @typedef {'syntax'|'entry'|'thrown'|'time'|'memory'|'stack'|'output'|'calls'|'stalled'|'changed'|'crashed'} FailureKind
 */

/**
 * @typedef {object} Failure
 * @property {FailureKind} kind
 * @property {string} message
 * @property {number} [status] from a thrown "404 Not found": the three digits, 400 to 699
 * @property {number} [line] counted from 1
 * @property {number} [column] counted from 1
 */

/** @typedef {{ level: string, text: string }} Line what the script printed */

/** @typedef {{ index: number, call: string, arguments: unknown[], digest: string }} HostRequest what the script asks for */

/**
 * @typedef {{ outcome: 'done', result: unknown }
 *   | { outcome: 'waiting', requests: HostRequest[] }
 *   | { outcome: 'failed', error: Failure }} Ending
 */

/** @typedef {Ending & { console: Line[], milliseconds: number }} RunReport */

/** A limit was passed or a rule broken: ends the run with what it says. */
export class RunFailure extends Error {
  /** @param {FailureKind} kind @param {string} message */
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

const SOURCE = 'script.js';
const PLACE = new RegExp(`${SOURCE.replace('.', '\\.')}:(\\d+)(?::(\\d+))?`);

/** The name under which scripts appear in their own error positions. */
export const SOURCE_NAME = SOURCE;

/**
 * What an error that left the script means.
 * @param {{ name: string, message: string, stack: string } | null} thrown null where the sandbox had no memory left to make one
 * @returns {Failure}
 */
export function failureOf(thrown) {
  if (thrown === null) return { kind: 'memory', message: 'The script used more memory than it may.' };
  const place = PLACE.exec(thrown.stack);
  const where = place ? { line: Number(place[1]), ...(place[2] ? { column: Number(place[2]) } : {}) } : {};
  if (thrown.name === 'InternalError' && thrown.message === 'interrupted') return { kind: 'time', message: 'The script ran longer than it may.', ...where };
  if (thrown.name === 'InternalError' && thrown.message === 'out of memory') return { kind: 'memory', message: 'The script used more memory than it may.', ...where };
  if (/^(Maximum call stack size exceeded|stack overflow)$/.test(thrown.message)) return { kind: 'stack', message: 'The script calls itself too deeply.', ...where };
  const coded = /^([4-6]\d\d)[ :]+(\S[^]*)$/.exec(thrown.message);
  if (coded) return { kind: 'thrown', status: Number(coded[1]), message: coded[2], ...where };
  if (thrown.message === '') return { kind: 'thrown', message: `The script threw ${thrown.name || 'a value'} without a message.`, ...where };
  return { kind: 'thrown', message: thrown.name && thrown.name !== 'Error' ? `${thrown.name}: ${thrown.message}` : thrown.message, ...where };
}
