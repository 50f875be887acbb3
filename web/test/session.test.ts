import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallError } from '../src/calls/status.js';
import { Api } from '../src/session/api.js';
import { SessionKeeper, type SessionAnswer } from '../src/session/keeper.js';
import { claimsOf } from '../src/session/token.js';
import { problem, Service, token } from './service.js';

const reason = (expected: string) => (error: unknown): boolean => error instanceof CallError && error.reason === expected;

const counted = (answers: () => SessionAnswer): { source: () => Promise<SessionAnswer>; count: () => number } => {
  let count = 0;
  return { source: () => (count++, Promise.resolve(answers())), count: () => count };
};

test('claims are read from a token, and nothing from anything else', () => {
  const claims = claimsOf(token(60_000, 'Ärger'));
  assert.equal(claims?.user, 'Ärger');
  assert.equal(claims?.domain, 'demo.local');
  for (const bad of ['', 'a.b', 'a.b.c', 'a.bnVsbA.c', 'a.e30.c', `a.${'x'.repeat(9)}.c`]) assert.equal(claimsOf(bad), null, bad);
});

test('one token serves all who ask until it is about to expire', async () => {
  let now = Date.now();
  const { source, count } = counted(() => ({ token: token(60_000) }));
  const keeper = new SessionKeeper(source, () => now);
  const [one, two] = await Promise.all([keeper.get(), keeper.get()]);
  assert.equal(one.token, two.token);
  assert.equal((await keeper.get()).token, one.token);
  assert.equal(count(), 1);
  now += 51_000;
  assert.notEqual((await keeper.get()).token, one.token);
  assert.equal(count(), 2);
});

test('a session is renewed with time to spare, and never at once', () => {
  const session = { token: '', claims: { user: '', domain: '', expires: 300_000 } };
  assert.equal(SessionKeeper.renewIn(session, 0), 240_000);
  assert.equal(SessionKeeper.renewIn(session, 280_000), 10_000);
  assert.equal(SessionKeeper.renewIn(session, 400_000), 1000);
});

test('a source that fails or answers nonsense is no session', async () => {
  const failing = new SessionKeeper(() => Promise.reject(new Error('no')));
  await assert.rejects(failing.get(), reason('session-unavailable'));
  const nonsense = new SessionKeeper(() => Promise.resolve({ token: 'nonsense' }));
  await assert.rejects(nonsense.get(), reason('session-unavailable'));
});

for (const refused of ['token-expired', 'token-spent', 'token-invalid'])
  test(`${refused}: another token is asked for, and the request repeated with it once`, async () => {
    const { source, count } = counted(() => ({ token: token() }));
    const service = await Service.start((_, nth) => (nth === 1 ? problem(401, refused) : { status: 200, body: { ok: true } }));
    try {
      assert.deepEqual(await new Api(service.url, new SessionKeeper(source)).send('GET', '/api/calls/x'), { ok: true });
      assert.equal(count(), 2);
      assert.notEqual(service.asked[0]!.token, service.asked[1]!.token);
    } finally {
      await service.stop();
    }
  });

test('a refusal that no other token would change is told as it is', async () => {
  const { source, count } = counted(() => ({ token: token() }));
  const service = await Service.start(() => problem(403, 'destination-denied'));
  try {
    await assert.rejects(new Api(service.url, new SessionKeeper(source)).send('POST', '/api/calls', {}), reason('destination-denied'));
    assert.equal(count(), 1);
  } finally {
    await service.stop();
  }
});

test('a service that keeps refusing is asked twice and no more', async () => {
  const { source } = counted(() => ({ token: token() }));
  const service = await Service.start(() => problem(401, 'token-expired'));
  try {
    await assert.rejects(new Api(service.url, new SessionKeeper(source)).send('GET', '/api/calls/x'), reason('token-expired'));
    assert.equal(service.asked.length, 2);
  } finally {
    await service.stop();
  }
});
