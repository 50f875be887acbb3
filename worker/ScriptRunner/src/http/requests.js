// What a request may hold, checked field by field. Nothing of it reaches a thread before it is known to be right.

/** @typedef {import('../sandbox/script.js').Job} Job */

const MOST_SOURCE = 256 * 1024;
const MOST_CALLS = 100;
const MOST_OUTPUT = 256 * 1024;
const STACK_BYTES = 512 * 1024;
const NAME = /^[A-Za-z_$][\w$]{0,63}$/;
const DIGEST = /^[\w-]{43}$/;
// Words that cannot be names of functions, though they look like them.
const RESERVED = new Set(('await break case catch class const continue debugger default delete do else enum export extends false finally for function if '
  + 'implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void '
  + 'while with yield').split(' '));

export class BadRequest extends Error {}

/**
 * @param {unknown} body
 * @param {import('../settings.js').Settings} settings
 * @returns {Job}
 */
export function readJob(body, settings) {
  const fields = record(body, 'The body');
  const known = ['source', 'entry', 'data', 'ctx', 'seed', 'now', 'answers', 'limits'];
  for (const name of Object.keys(fields)) if (!known.includes(name)) throw new BadRequest(`There is no field "${name}".`);
  const entry = fields.entry ?? 'main';
  if (typeof entry !== 'string' || !NAME.test(entry) || RESERVED.has(entry)) throw new BadRequest('"entry" must be the name of a function.');
  const seed = fields.seed ?? '';
  if (typeof seed !== 'string' || seed.length > 256) throw new BadRequest('"seed" must be a text of at most 256 characters.');
  const limits = record(fields.limits ?? {}, '"limits"');
  return {
    source: source(fields.source), entry, seed,
    data: fields.data ?? null, ctx: fields.ctx ?? null,
    now: whole(fields.now ?? 0, '"now"', 0, 8.64e15),
    answers: answers(fields.answers ?? []),
    limits: {
      milliseconds: whole(limits.runMs ?? settings.runMs, '"limits.runMs"', 1, settings.runMs),
      outputBytes: whole(limits.outputBytes ?? MOST_OUTPUT, '"limits.outputBytes"', 1, MOST_OUTPUT),
      calls: whole(limits.calls ?? MOST_CALLS, '"limits.calls"', 0, MOST_CALLS),
      stackBytes: STACK_BYTES,
    },
  };
}

/** @param {unknown} text */
function source(text) {
  if (typeof text !== 'string' || text === '') throw new BadRequest('"source" must be the text of the script.');
  if (text.length > MOST_SOURCE) throw new BadRequest(`A script has at most ${MOST_SOURCE} characters.`);
  if (text.includes('\0')) throw new BadRequest('A script holds no NUL characters.');
  return text;
}

/** @param {unknown} list @returns {import('../sandbox/script.js').Answer[]} */
function answers(list) {
  if (!Array.isArray(list) || list.length > MOST_CALLS) throw new BadRequest(`"answers" must be a list of at most ${MOST_CALLS}.`);
  return list.map((item, index) => {
    const where = `"answers[${index}]"`;
    const { digest, value, error, at } = record(item, where);
    if (typeof digest !== 'string' || !DIGEST.test(digest)) throw new BadRequest(`${where} must have the "digest" of its request.`);
    if (at !== undefined) whole(at, `${where}.at`, 0, 8.64e15);
    if (error === undefined) return { digest, value, at: /** @type {number | undefined} */ (at) };
    const { message, reason } = record(error, `${where}.error`);
    if (typeof message !== 'string' || (reason !== undefined && typeof reason !== 'string')) throw new BadRequest(`${where}.error must have a "message".`);
    return { digest, error: { message, reason }, at: /** @type {number | undefined} */ (at) };
  });
}

/** @param {unknown} value @param {string} what @returns {Record<string, unknown>} */
function record(value, what) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadRequest(`${what} must be a JSON object.`);
  return /** @type {Record<string, unknown>} */ (value);
}

/** @param {unknown} value @param {string} what @param {number} least @param {number} most */
function whole(value, what, least, most) {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new BadRequest(`${what} must be a whole number from ${least} to ${most}.`);
  return value;
}
