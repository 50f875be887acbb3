// A page with buttons, and the back end of a CRM that it belongs to: what an integrator has to write, in one small file.
// It knows the API key; the page gets nothing but short-lived session tokens, and learns of calls by the CRM's own webhook.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { CRM_PORT = '7080', CRM_FUNCTIONS, CRM_KEY, CRM_USERS = '101,102', CRM_GATEWAY = '', CRM_DOMAIN = '' } = process.env;
if (!CRM_FUNCTIONS || !CRM_KEY) throw new Error('CRM_FUNCTIONS and CRM_KEY are required.');
const users = CRM_USERS.split(',');
const origin = `http://127.0.0.1:${CRM_PORT}`;
const readers = new Set();
let secret = null;

const file = (name) => readFileSync(new URL(name, import.meta.url));
const pages = {
  '/': ['text/html; charset=utf-8', () => file('index.html')],
  '/compatible.html': ['text/html; charset=utf-8', () => file('compatible.html')],
  '/compatible.js': ['text/javascript; charset=utf-8', () => file('compatible.js')],
  '/page.js': ['text/javascript; charset=utf-8', () => file('page.js')],
  '/page.css': ['text/css; charset=utf-8', () => file('page.css')],
  '/settings.js': ['text/javascript; charset=utf-8', () => `window.demo = ${JSON.stringify({ functions: CRM_FUNCTIONS, gateway: CRM_GATEWAY, users })};`],
};
const workerHost = CRM_GATEWAY === '' ? '' : new URL(CRM_GATEWAY).host;
const gateway = CRM_GATEWAY === '' ? '' : ` ${new URL(CRM_GATEWAY).origin} ${new URL(CRM_GATEWAY).origin.replace('ws', 'http')}`;
const policy =
  `default-src 'none'; script-src 'self' ${CRM_FUNCTIONS}; style-src 'self' 'unsafe-inline'; connect-src 'self' ${CRM_FUNCTIONS}${gateway}; ` +
  "img-src data:; media-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const api = (method, path, body) =>
  fetch(new URL(path, CRM_FUNCTIONS), {
    method,
    headers: { 'X-Api-Key': CRM_KEY, ...(body ? { 'Content-Type': 'application/json' } : {}) },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });

/** A token for whoever is signed in here. A real CRM knows that from its own session; this one lets the page choose. */
async function session(request, response) {
  const user = new URL(request.url, origin).searchParams.get('as') ?? users[0];
  if (!users.includes(user) || (request.headers.origin ?? origin) !== origin) return send(response, 403, 'text/plain', 'Who are you?');
  const answer = await api('POST', '/api/sessions', { user, origin, calls: 20 });
  send(response, answer.status, 'application/json', await answer.text(), { 'Cache-Control': 'no-store' });
}

/** The same for pages that were written for another PBX: a login token, which the page makes a session of within ten seconds. */
async function pbxLogin(request, response) {
  const user = new URL(request.url, origin).searchParams.get('as') || users[0];
  if (!users.includes(user)) return send(response, 403, 'text/plain', 'Who are you?');
  const answer = await fetch(new URL('/rest/system/session', CRM_FUNCTIONS), {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`crm:${CRM_KEY}`).toString('base64')}` },
    body: JSON.stringify({ name: '3rd', username: user, domain: CRM_DOMAIN }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) return send(response, 502, 'text/plain', 'The telephone service did not let us in.');
  const login = { session: await answer.json(), server: workerHost, user, domain: CRM_DOMAIN };
  send(response, 200, 'application/json', JSON.stringify(login), { 'Cache-Control': 'no-store' });
}

/** Standard Webhooks: signed over id, time and the very bytes. */
function isSigned(headers, body) {
  if (secret === null || Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) > 300) return false;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const expected = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`).update(body).digest();
  return String(headers['webhook-signature']).split(' ').some((signature) => {
    const given = Buffer.from(signature.replace('v1,', ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

async function webhook(request, response) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  if (!isSigned(request.headers, body)) return send(response, 401, 'text/plain', 'That is not signed by anybody we know.');
  for (const reader of readers) reader.write(`data: ${body.toString()}\n\n`);
  send(response, 204, 'text/plain', '');
}

function events(request, response) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(':\n\n');
  readers.add(response);
  request.on('close', () => readers.delete(response));
}

function send(response, status, type, body, headers = {}) {
  response.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', ...headers });
  response.end(body);
}

async function serve(request, response) {
  const { pathname } = new URL(request.url, origin);
  const page = request.method === 'GET' && pages[pathname];
  if (page) return send(response, 200, page[0], page[1](), { 'Cache-Control': 'no-cache' });
  if (request.method === 'POST' && pathname === '/crm/session') return session(request, response);
  if (request.method === 'GET' && pathname === '/rest/pbxlogin') return pbxLogin(request, response);
  if (request.method === 'POST' && pathname === '/crm/webhook') return webhook(request, response);
  if (request.method === 'GET' && pathname === '/crm/events') return events(request, response);
  send(response, 404, 'text/plain', 'There is no such page.');
}

/** Asks to be told of calls, once: an older subscription of this page is taken back. */
async function subscribe() {
  const url = `${origin}/crm/webhook`;
  const { webhooks = [] } = await (await api('GET', '/api/webhooks')).json();
  for (const old of webhooks.filter((w) => w.url === url)) await api('DELETE', `/api/webhooks/${old.id}`);
  const answer = await api('POST', '/api/webhooks', { url, style: 'call-event' });
  if (!answer.ok) throw new Error(`the CRM could not subscribe: ${answer.status}`);
  ({ secret } = await answer.json());
}

const server = createServer((request, response) => {
  serve(request, response).catch((error) => {
    console.error(error);
    if (!response.headersSent) send(response, 502, 'text/plain', 'The telephone service did not answer.');
  });
});
server.listen(Number(CRM_PORT), '127.0.0.1', async () => {
  await subscribe().catch((error) => console.error(error.message));
  console.log(`ready at ${origin}`);
});
process.on('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => process.exit(0));
});
