import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { duration, endReason, say, spokenDuration, words } from '../src/calls/words.js';

test('durations are written and spoken', () => {
  assert.deepEqual([0, 7_000, 754_999, 3_723_000].map(duration), ['0:00', '0:07', '12:34', '1:02:03']);
  assert.deepEqual([0, 1_000, 123_000, 3_600_000].map(spokenDuration), ['0 seconds', '1 second', '2 minutes 3 seconds', '1 hour']);
});

test('a reason nobody has words for is still a sentence, and a page may have its own', () => {
  assert.equal(say({ phase: 'failed', reason: 'never-heard-of' }), words['failed']);
  assert.equal(say({ phase: 'failed', reason: 'constructor' }), words['failed']);
  assert.equal(say({ phase: 'failed', reason: 'destination-busy' }, { 'destination-busy': 'Besetzt' }), 'Besetzt');
  assert.equal(say({ phase: 'connected', held: true, muted: true }), words['held']);
  assert.equal(say({ phase: 'connected', muted: true }), words['muted']);
  assert.equal(say({ phase: 'connected', reconnecting: true }), words['reconnecting']);
});

test('F4: a talk that nobody hung up says what it ended by, and any other only that it ended', () => {
  const said = (reason: string | undefined): string => say({ phase: 'ended', ...(endReason(reason) ? { reason: endReason(reason)! } : {}) });
  assert.equal(said('media-encryption-failed'), 'The sound could not be secured; please try again');
  assert.equal(said('media-timeout'), 'The connection was lost');
  for (const other of ['destination-hung-up', 'transferred', 'unexpected', 'signed-out', 'constructor', undefined]) assert.equal(said(other), words['ended']);
});

const source = (path: string): string => readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
const unsaid = (reasons: string[]): string[] => [...new Set(reasons)].filter((reason) => say({ phase: 'failed', reason }) === words['failed']);

test('V7: every refusal of a call that somebody at a page may meet has words', () => {
  const refusals = [...source('functions/Core/Problems/KnownProblems.cs').matchAll(/new\(\s*"([a-z-]+)", (?:401|403|409|429|5..)/g)].map((m) => m[1]!);
  // What only servers, workers, links, logins and chains meet.
  const others = /^(api-key|pbx-token|signature|webhook|too-many-webhooks|too-many-watches|too-many-failures|link|login|name-taken|chain|form|script)/;
  const met = refusals.filter((r) => !others.test(r));
  assert.ok(met.length > 40, `${met.length}`);
  assert.deepEqual(unsaid(met), []);
});

test('V7: every refusal of the gateway has words', () => {
  const files = ['Hooks/RestBrowserHooks', 'Hooks/LocalBrowserHooks', 'Hooks/BrowserGate', 'Hooks/HookFailure', 'Hooks/SessionTokenCheck', 'Bridging/IncomingCalls.Browsers'];
  const refusals = files.flatMap((name) => [...source(`worker/Calls/${name}.cs`).matchAll(/(?:Refusal|Refuse)\([^;]*?"([a-z]+(?:-[a-z]+)+)"/g)].map((m) => m[1]!));
  assert.ok(refusals.length > 10, `${refusals.length}`);
  assert.deepEqual(unsaid(refusals), []);
});

test('every reason a call may fail with has words', () => {
  const reasons = [...source('functions/Contracts/Calls/CallReasons.cs').matchAll(/= "([a-z-]+)"/g)].map((m) => m[1]!);
  // How calls end that were good, and what is our own fault, for which the general words will do.
  const without = new Set([
    'user-hung-up', 'destination-hung-up', 'caller-hung-up', 'hung-up-by-api', 'transferred', 'worker-shutdown', 'internal-error', 'never-started',
  ]);
  assert.ok(reasons.length > 20);
  assert.deepEqual(reasons.filter((r) => !(r in words) && !without.has(r)), []);
});
