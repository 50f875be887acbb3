import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const MAIN = new URL('../src/main.js', import.meta.url).pathname;
export const TOKEN = 'a-token-of-the-tests-that-is-long-enough';

/** The runner as a process of its own, and how to ask it. @param {Record<string, string>} [environment] */
export async function startRunner(environment = {}) {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, SCRIPT_RUNNER_PORT: '0', SCRIPT_RUNNER_TOKENS: TOKEN, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  /** @type {Record<string, any>[]} */
  const lines = [];
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the runner ended with ${code} before it listened`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line);
      lines.push(entry);
      if (entry.event === 'listening') resolve(entry.port);
    });
  });
  const origin = `http://127.0.0.1:${port}`;
  /** @param {string} path @param {unknown} body @param {Record<string, string>} [headers] */
  const post = async (path, body, headers = {}) => {
    const response = await fetch(origin + path, {
      method: 'POST', headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body), signal: AbortSignal.timeout(60_000),
    });
    return { status: response.status, headers: response.headers, body: /** @type {any} */ (await response.json()) };
  };
  return {
    origin, lines, post, child, gone,
    /** @param {string} source @param {object} [more] */
    run: async (source, more = {}) => (await post('/v1/runs', { source, ...more })).body,
    /** @returns {Promise<any>} */
    health: async () => (await fetch(`${origin}/healthz`)).json(),
    async stop() {
      child.kill('SIGTERM');
      return gone;
    },
  };
}
