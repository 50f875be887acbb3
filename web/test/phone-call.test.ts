import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusOf } from '../src/calls/phone-call.js';
import type { Status } from '../src/calls/status.js';
import { Line } from '../src/line.js';
import type { Memory } from '../src/memory.js';
import { SessionKeeper } from '../src/session/keeper.js';
import { problem, Service, token, until, type Answer, type Asked } from './service.js';

const noMemory: Memory = { callOf: () => null, keep: () => undefined };

/** A line at a service whose call goes through the states, one at each look. */
async function lineAt(answer: (asked: Asked, nth: number) => Answer, memory = noMemory) {
  const service = await Service.start(answer);
  const sessions = new SessionKeeper(() => Promise.resolve({ token: token() }));
  const line = new Line(() => ({ number: '102', mode: 'phone', api: service.url, sessions }), memory, () => Promise.reject(new Error('not here')));
  const seen: Status[] = [];
  line.addEventListener('change', () => seen.push(line.status));
  const phases = (): string[] => seen.map((s) => s.phase).filter((p, i, all) => p !== all[i - 1]);
  return { service, line, seen, phases };
}

const placed: Answer = { status: 202, body: { id: 'c1', state: 'requested' } };
const at = (state: string, more: object = {}): Answer => ({ status: 200, body: { id: 'c1', state, ...more } });

test('the states of the API are phases of a person', () => {
  const before: Status = { phase: 'starting' };
  const of = (state: string, more: object = {}): Status => statusOf({ id: 'c', state, ...more }, before, 1000);
  assert.equal(of('requested').phase, 'starting');
  assert.equal(of('ringing-user').phase, 'ringing-you');
  assert.equal(of('prompting').phase, 'confirming');
  assert.equal(of('ringing-destination').phase, 'ringing');
  assert.deepEqual(of('connected'), { phase: 'connected', callId: 'c', since: 1000, held: false });
  assert.deepEqual(of('ended', { result: 'answered', reason: 'user-hung-up' }), { phase: 'ended', callId: 'c' });
  assert.deepEqual(of('ended', { result: 'answered', reason: 'media-encryption-failed' }), { phase: 'ended', callId: 'c', reason: 'media-encryption-failed' });
  assert.deepEqual(of('ended', { result: 'busy', reason: 'destination-busy' }), { phase: 'failed', callId: 'c', reason: 'destination-busy' });
  assert.equal(of('something-new').phase, 'starting');
});

test('a call is placed once and looked at until it ends', async () => {
  const states = ['ringing-user', 'ringing-destination', 'connected', 'connected'];
  const { service, line, phases } = await lineAt(({ method }) => {
    if (method === 'POST') return placed;
    const state = states.shift();
    return state ? at(state) : at('ended', { result: 'answered', reason: 'destination-hung-up' });
  });
  try {
    await line.call();
    await until(() => line.status.phase === 'ended', 'the end');
    assert.deepEqual(phases(), ['starting', 'ringing-you', 'ringing', 'connected', 'ended']);
    assert.equal(service.asked.filter((a) => a.method === 'POST').length, 1);
    assert.deepEqual(JSON.parse(service.asked[0]!.body), { destination: '102' });
  } finally {
    line.leave();
    await service.stop();
  }
});

test('an answer that is lost is asked for again under the same key', async () => {
  const { service, line } = await lineAt(({ method }, nth) => (method !== 'POST' ? at('ringing-user') : nth === 1 ? { status: 0, drop: true } : placed));
  try {
    await line.call();
    await until(() => line.status.phase === 'ringing-you', 'ringing');
    const [first, second] = service.asked.filter((a) => a.method === 'POST');
    assert.ok(first!.key);
    assert.equal(first!.key, second!.key);
  } finally {
    line.leave();
    await service.stop();
  }
});

test('not being able to look at a call does not end it', async () => {
  let looks = 0;
  const { service, line, seen } = await lineAt(({ method }) => (method === 'POST' ? placed : ++looks === 2 ? { status: 0, drop: true } : at('connected')));
  try {
    await line.call();
    await until(() => seen.some((s) => s.reconnecting === true) && line.status.phase === 'connected' && !line.status.reconnecting, 'being back');
    const since = new Set(seen.filter((s) => s.since !== undefined).map((s) => s.since));
    assert.equal(since.size, 1, 'the timer goes on');
  } finally {
    line.leave();
    await service.stop();
  }
});

test('a refusal is a failed call with its reason', async () => {
  const { service, line } = await lineAt(() => problem(403, 'destination-denied'));
  try {
    await line.call();
    assert.deepEqual(line.status, { phase: 'failed', reason: 'destination-denied' });
  } finally {
    await service.stop();
  }
});

test('a call that is given up while it is being placed is hung up when it is known', async () => {
  let answerPost: (() => void) | undefined;
  const { service, line } = await lineAt(({ method }) => {
    if (method === 'POST') answerPost?.();
    return method === 'POST' ? placed : method === 'DELETE' ? { status: 204 } : at('ringing-user');
  });
  try {
    const calling = line.call();
    answerPost = () => void line.hangUp();
    await calling;
    await until(() => service.asked.some((a) => a.method === 'DELETE'), 'hanging up');
    assert.equal(line.status.phase, 'ended');
  } finally {
    await service.stop();
  }
});

test('a page that is loaded anew looks on at its call', async () => {
  const kept = new Map<string, string>();
  const memory: Memory = {
    callOf: (n) => kept.get(n) ?? null,
    keep: (n, id) => void (id === null ? kept.delete(n) : kept.set(n, id)),
  };
  let over = false;
  const { service, line } = await lineAt(({ method }) => (method === 'POST' ? placed : over ? at('ended', { result: 'answered' }) : at('connected')), memory);
  try {
    await line.call();
    await until(() => line.status.phase === 'connected', 'connected');
    assert.equal(kept.get('102'), 'c1');
    line.leave();
    line.resume();
    await until(() => line.status.phase === 'connected', 'connected again');
    over = true;
    await until(() => line.status.phase === 'ended', 'the end');
    assert.equal(kept.size, 0);
    assert.equal(service.asked.filter((a) => a.method === 'POST').length, 1);
  } finally {
    line.leave();
    await service.stop();
  }
});
