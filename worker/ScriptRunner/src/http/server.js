import { createServer } from 'node:http';
import { Busy } from '../sandbox/pool.js';
import { TooLarge, readJson } from './body.js';
import { BadRequest, readJob } from './requests.js';
import { tokenCheck } from './tokens.js';

/**
 * @typedef {import('node:http').IncomingMessage} Request
 * @typedef {import('node:http').ServerResponse} Response
 */

const MOST_BODY = 4 * 1024 * 1024;

/**
 * The web side: `POST /v1/runs`, `POST /v1/checks`, `GET /healthz`.
 * @param {import('../settings.js').Settings} settings
 * @param {import('../sandbox/pool.js').Pool} pool
 * @param {(entry: Record<string, unknown>) => void} log
 */
export function makeServer(settings, pool, log) {
  const isAllowed = tokenCheck(settings.tokens);
  const server = createServer({ requestTimeout: 15_000, headersTimeout: 5_000, keepAliveTimeout: 60_000, maxHeaderSize: 8192 }, (request, response) => {
    response.once('finish', () => { if (!server.listening) setImmediate(() => server.closeIdleConnections()); });
    answer(request, response).catch((error) => {
      if (request.socket.destroyed || response.headersSent) return; // Nobody is there any longer.
      problem(response, ...problemOf(error, log));
    });
  });
  return server;

  /** @param {Request} request @param {Response} response */
  async function answer(request, response) {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path === '/healthz') return allow(request, response, 'GET') && send(response, 200, { status: 'ok', threads: settings.threads, busy: pool.busy, waiting: pool.waiting });
    const kind = path === '/v1/runs' ? 'run' : path === '/v1/checks' ? 'check' : null;
    if (kind === null) return problem(response, 404, 'not-found', 'There is nothing here.');
    if (!allow(request, response, 'POST')) return;
    if (!isAllowed(request.headers.authorization)) return problem(response, 401, 'runner-token-invalid', 'The token is missing or wrong.', { 'WWW-Authenticate': 'Bearer' });
    const job = readJob(await readJson(request, MOST_BODY), settings);
    const report = await pool.run(kind, job);
    log({ event: kind, outcome: (report.ending ?? report).outcome, failure: (report.ending ?? report).error?.kind, milliseconds: report.milliseconds });
    send(response, 200, kind === 'run' ? report : checked(report));
  }
}

/** @param {{ ending: import('../sandbox/outcome.js').Ending, entries: string[] }} report */
function checked({ ending, entries }) {
  return ending.outcome === 'failed' ? { valid: false, error: ending.error, entries } : { valid: true, entries };
}

/** @param {Request} request @param {Response} response @param {string} method */
function allow(request, response, method) {
  if (request.method === method) return true;
  problem(response, 405, 'method-not-allowed', `Use ${method}.`, { Allow: method });
  return false;
}

/**
 * @param {unknown} error @param {(entry: Record<string, unknown>) => void} log
 * @returns {[number, string, string, Record<string, string>?]}
 */
function problemOf(error, log) {
  if (error instanceof BadRequest) return [400, 'run-invalid', error.message];
  if (error instanceof TooLarge) return [413, 'body-too-large', `The body has more than ${MOST_BODY} bytes.`, { Connection: 'close' }];
  if (error instanceof Busy) return [503, 'runner-busy', error.message, { 'Retry-After': '1' }];
  log({ event: 'fault', error: error instanceof Error ? error.name : typeof error });
  return [500, 'runner-fault', 'The script runner failed.'];
}

/** @param {Response} response @param {number} status @param {string} reason @param {string} detail @param {Record<string, string>} [headers] */
function problem(response, status, reason, detail, headers = {}) {
  send(response, status, { type: 'about:blank', title: detail, status, reason }, { ...headers, 'Content-Type': 'application/problem+json' });
}

/** @param {Response} response @param {number} status @param {unknown} body @param {Record<string, string>} [headers] */
function send(response, status, body, headers = {}) {
  const text = Buffer.from(wellFormed(JSON.stringify(body)));
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': text.length, 'Cache-Control': 'no-store', ...headers });
  response.end(text);
}

/**
 * JSON whose texts can all be read: half of a character, as cutting a text in two leaves it, is told as U+FFFD.
 * @param {string} json as JSON.stringify writes it: such halves are escaped, whole characters are not
 */
function wellFormed(json) {
  return json.replace(/\\(?:ud[89a-f][0-9a-f]{2}|[^])/g, (escape) => (escape.length > 2 ? '\\ufffd' : escape));
}
