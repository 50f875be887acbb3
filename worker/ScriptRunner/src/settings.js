// What the process is told by its environment. Every fault is named at once.

/**
 * @typedef {object} Settings
 * @property {string} address where to listen
 * @property {number} port where to listen
 * @property {string[]} tokens bearer tokens that are let in; several while one is being replaced
 * @property {number} threads scripts that run at the same time
 * @property {number} queue runs that may wait for a thread
 * @property {number} queueMs longest wait for a thread
 * @property {number} memoryMb most memory of one script
 * @property {number} runMs longest time that one script may compute
 */

const SHORTEST_TOKEN = 32;

/**
 * @param {Record<string, string | undefined>} environment
 * @param {number} cores
 * @returns {{ settings: Settings, faults: string[] }}
 */
export function readSettings(environment, cores) {
  /** @type {string[]} */
  const faults = [];

  /** @param {string} name @param {number} fallback @param {number} least @param {number} most */
  const whole = (name, fallback, least, most) => {
    const text = environment[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value;
    faults.push(`${name} must be a whole number from ${least} to ${most}.`);
    return fallback;
  };

  const tokens = `${environment.SCRIPT_RUNNER_TOKENS ?? ''},${environment.SCRIPT_RUNNER_MORE_TOKENS ?? ''}`.split(',').map((token) => token.trim()).filter((token) => token !== '');
  if (tokens.length === 0) faults.push('SCRIPT_RUNNER_TOKENS must hold at least one token (several separated by commas).');
  if (tokens.some((token) => token.length < SHORTEST_TOKEN)) faults.push(`SCRIPT_RUNNER_TOKENS: a token has at least ${SHORTEST_TOKEN} characters.`);

  const settings = {
    address: environment.SCRIPT_RUNNER_ADDRESS || '127.0.0.1',
    port: whole('SCRIPT_RUNNER_PORT', 8090, 0, 65535),
    tokens,
    threads: whole('SCRIPT_RUNNER_THREADS', Math.max(2, cores), 1, 64),
    queue: whole('SCRIPT_RUNNER_QUEUE', 200, 0, 100_000),
    queueMs: whole('SCRIPT_RUNNER_QUEUE_MS', 10_000, 1, 600_000),
    memoryMb: whole('SCRIPT_RUNNER_MEMORY_MB', 32, 4, 512),
    runMs: whole('SCRIPT_RUNNER_RUN_MS', 2_000, 10, 60_000),
  };
  return { settings, faults };
}
