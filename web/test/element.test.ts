import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Window } from 'happy-dom';
import { problem, Service, token, until } from './service.js';

// The element is written for a page, so a page must be there before it is loaded.
const window = new Window({ url: 'http://crm.example/' });
const names = ['window', 'document', 'HTMLElement', 'Element', 'customElements', 'MutationObserver', 'CustomEvent', 'sessionStorage'] as const;
for (const name of names) Object.assign(globalThis, { [name]: (window as unknown as Record<string, unknown>)[name] });

let service: Service;
let state = 'ringing-user';

before(async () => {
  service = await Service.start(({ method, body }) => {
    if (method === 'POST') return body.includes('denied') ? problem(403, 'destination-denied') : { status: 202, body: { id: `c-${body.length}`, state: 'requested' } };
    if (method === 'DELETE') state = 'ended';
    return { status: 200, body: { id: 'c', state, result: state === 'ended' ? 'answered' : null } };
  });
  globalThis.window.clickToCall = { session: () => Promise.resolve({ token: token() }), api: service.url };
  await import('../src/index.js');
});

after(async () => {
  document.body.innerHTML = '';
  await service.stop();
  await window.happyDOM.close();
});

const part = (button: Element, name: string): HTMLElement => button.shadowRoot!.querySelector<HTMLElement>(`[part=${name}]`)!;

test('V7: a button goes through a call, names what it does, and tells the page', async () => {
  state = 'ringing-user';
  document.body.innerHTML = '<click-to-call number="102">Call Blaise</click-to-call>';
  const button = document.querySelector('click-to-call')!;
  const told: string[] = [];
  document.body.addEventListener('call-change', (e) => told.push((e as CustomEvent<{ phase: string }>).detail.phase));
  assert.equal(part(button, 'number').textContent, '102');
  assert.equal(part(button, 'hang-up').hidden, true);

  part(button, 'call').click();
  await until(() => button.getAttribute('phase') === 'ringing-you', 'ringing');
  assert.equal(part(button, 'call').hidden, true);
  assert.equal(part(button, 'hang-up').getAttribute('aria-label'), 'Cancel');
  assert.equal(button.shadowRoot!.querySelector('[role=status]')!.textContent, 'Your phone is ringing');

  state = 'connected';
  await until(() => button.getAttribute('phase') === 'connected', 'connected');
  assert.equal(part(button, 'timer').textContent, '0:00');
  assert.equal(part(button, 'hang-up').getAttribute('aria-label'), 'Hang up');
  part(button, 'hang-up').click();
  await until(() => button.getAttribute('phase') === 'ended', 'the end');
  assert.equal(part(button, 'call').hidden, false);
  assert.deepEqual(told.filter((p, i) => p !== told[i - 1]), ['starting', 'ringing-you', 'connected', 'ended']);
});

test('F2: what the gateway tells of a call is an event of the button, and nothing of it is shown', () => {
  document.body.innerHTML = '<click-to-call number="102"></click-to-call>';
  const button = document.querySelector('click-to-call') as HTMLElement & { line: EventTarget };
  const shown = button.shadowRoot!.innerHTML;
  const told: unknown[] = [];
  document.body.addEventListener('call-message', (e) => told.push((e as CustomEvent<unknown>).detail));
  const notice = { message: 'ErrorEvent', data: { info: '<img src=x>' } };
  // The line is no part of the page, so its events are not those of the page's window.
  button.line.dispatchEvent(Object.assign(new Event('notice'), { detail: notice }));
  assert.deepEqual(told, [{ ...notice, number: '102' }]);
  assert.equal(button.shadowRoot!.innerHTML, shown);
});

test('V7: a refusal is shown in words, and the next click tries again', async () => {
  document.body.innerHTML = '<click-to-call number="denied"></click-to-call>';
  const button = document.querySelector('click-to-call')!;
  part(button, 'call').click();
  await until(() => button.getAttribute('phase') === 'failed', 'the failure');
  assert.equal(part(button, 'note').textContent, 'Calls to this number are not allowed');
  assert.equal(part(button, 'call').hidden, false);
});

test('V7: without a number, or disabled, there is nothing to press', () => {
  document.body.innerHTML = '<click-to-call></click-to-call><click-to-call number="102" disabled></click-to-call>';
  for (const button of document.querySelectorAll('click-to-call')) assert.ok(part(button, 'call').hasAttribute('disabled'));
});

test('V7: Escape gives up a call that rings', async () => {
  state = 'ringing-user';
  document.body.innerHTML = '<click-to-call number="102"></click-to-call>';
  const button = document.querySelector('click-to-call')!;
  part(button, 'call').click();
  await until(() => button.getAttribute('phase') === 'ringing-you', 'ringing');
  button.dispatchEvent(new (window.KeyboardEvent as unknown as typeof KeyboardEvent)('keydown', { key: 'Escape' }));
  await until(() => button.getAttribute('phase') === 'ended', 'the end');
});

test('V7: any element with a number and named buttons is wired, also when it is added later, and several do not mix', async () => {
  state = 'ringing-user';
  document.body.innerHTML = '';
  const form = (number: string): string =>
    `<contact-card number="${number}"><button name="call">c</button><button name="cancel">x</button><button name="hold">h</button><b name="status"></b></contact-card>`;
  document.body.innerHTML = form('102') + form('103');
  const [one, two] = [...document.querySelectorAll('contact-card')];
  await until(() => one!.getAttribute('data-phase') === 'idle', 'wiring');
  const button = (root: Element, name: string): HTMLElement => root.querySelector<HTMLElement>(`[name=${name}]`)!;
  assert.ok(button(one!, 'cancel').hasAttribute('disabled'));

  button(one!, 'call').click();
  await until(() => one!.getAttribute('data-phase') === 'ringing-you', 'ringing');
  assert.equal(two!.getAttribute('data-phase'), 'idle');
  assert.equal(button(one!, 'status').textContent, 'Your phone is ringing');
  assert.ok(button(one!, 'call').hasAttribute('disabled'));
  button(one!, 'cancel').click();
  await until(() => one!.getAttribute('data-phase') === 'ended', 'the end');
  assert.ok(!button(one!, 'call').hasAttribute('disabled'));
});
