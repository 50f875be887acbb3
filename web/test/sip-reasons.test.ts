import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sipReason } from '../src/calls/sip-reasons.js';
import { words } from '../src/calls/words.js';

test('what the gateway says counts more than the status, and that more than what the library found', () => {
  assert.equal(sipReason(403, 'SIP;cause=403;text="token-spent"', 'Rejected'), 'token-spent');
  assert.equal(sipReason(486, undefined, 'Busy'), 'destination-busy');
  assert.equal(sipReason(486, 'Q.850;cause=17;text="User busy"', 'Busy'), 'destination-busy');
  assert.equal(sipReason(undefined, undefined, 'Connection Error'), 'network');
  assert.equal(sipReason(undefined, undefined, 'Anything'), 'unexpected');
});

test('every status has words', () => {
  for (let status = 300; status < 700; status++) assert.ok(sipReason(status, undefined, '') in words, String(status));
});
