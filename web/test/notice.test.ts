import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNotice, type Notice } from '../src/calls/notice.js';
import type { Call } from '../src/calls/status.js';
import { Line } from '../src/line.js';
import { SessionKeeper } from '../src/session/keeper.js';
import { token } from './service.js';

const frame = (message: unknown, ...data: unknown[]): string => JSON.stringify({ message, data });

test('F2: what the gateway tells is read as data, and anything else is nothing', () => {
  const body = frame('ErrorEvent', { apiMethod: 'hold', info: '<b>no</b>' });
  assert.deepEqual(readNotice('application/json; charset=utf-8', body), { message: 'ErrorEvent', data: { apiMethod: 'hold', info: '<b>no</b>' } });
  assert.equal(readNotice('text/html', body), null);
  assert.equal(readNotice('application/jsonp', body), null);
  assert.equal(readNotice(undefined, body), null);
  const wrong = ['', '{', 'null', '[]', frame(1, {}), frame('<img>', {}), frame('A'), frame('A', 'text'), frame('A', [1]), frame('A', { a: 'x'.repeat(17_000) })];
  for (const other of wrong) assert.equal(readNotice('application/json', other), null, other.slice(0, 40));
});

test('F2: a line passes on what is told of its call, until it lets go of it', async () => {
  let notify: (notice: Notice) => void = () => assert.fail('no call was placed');
  const call: Call = { hangUp: () => Promise.resolve(), leave: () => undefined };
  const sessions = new SessionKeeper(() => Promise.resolve({ token: token() }));
  const line = new Line(() => ({ number: '102', mode: 'browser', api: '', sessions }), { callOf: () => null, keep: () => undefined }, () =>
    Promise.resolve({
      place: (_settings, _tell, to) => {
        notify = to;
        return Promise.resolve(call);
      },
    }));
  const heard: Notice[] = [];
  line.addEventListener('notice', (e) => heard.push((e as CustomEvent<Notice>).detail));
  await line.call();
  const notice: Notice = { message: 'CallStatusEvent', data: { status: 'TRYING' } };
  notify(notice);
  line.leave();
  notify(notice);
  assert.deepEqual(heard, [notice]);
});
