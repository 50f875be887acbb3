import { isUnderWay, type Status } from '../calls/status.js';
import { duration, say } from '../calls/words.js';
import { Line } from '../line.js';
import { loadBrowserCalls } from '../load.js';
import { tabMemory } from '../memory.js';
import { plainNumber } from '../number.js';
import { pageSettings, settingsOf } from '../page.js';

const wired = new WeakMap<Element, Line>();

const control = (root: Element, name: string): HTMLElement | null => root.querySelector<HTMLElement>(`[name="${name}"]`);

/**
 * The compatible form: any element with a <code>number</code> and, within it, buttons named <code>call</code>, <code>cancel</code>
 * and <code>hold</code>. What it looks like is the page's matter: the element carries <code>data-phase</code>, an element named
 * <code>status</code> shows the words where there is one, and <code>call-change</code> is told.
 */
export function wire(root: Element): Line | undefined {
  if (wired.has(root) || root.localName === 'click-to-call' || !control(root, 'call')) return wired.get(root);
  const line = new Line(
    () => ({
      // What a form asks for is read at the click, so a page may change the number at any time.
      number: plainNumber(root.getAttribute('number')),
      mode: root.getAttribute('mode') === 'browser' ? 'browser' : 'phone',
      prompt: root.hasAttribute('prompt'),
      ...settingsOf(root),
    }),
    tabMemory,
    loadBrowserCalls,
  );
  wired.set(root, line);
  const act = (name: string, does: () => void): void =>
    control(root, name)?.addEventListener('click', (e) => {
      e.preventDefault();
      does();
    });
  act('call', () => void line.call());
  act('cancel', () => void line.hangUp());
  act('hold', () => void line.hold(!line.status.held));
  let timer: ReturnType<typeof setInterval> | undefined;
  line.addEventListener('change', () => {
    clearInterval(timer);
    if (line.status.phase === 'connected') timer = setInterval(() => showWords(root, line.status), 500);
    show(root, line);
  });
  show(root, line);
  line.resume();
  return line;
}

function show(root: Element, line: Line): void {
  const { status, can } = line;
  const live = isUnderWay(status.phase);
  root.setAttribute('data-phase', status.phase);
  root.toggleAttribute('data-held', !!status.held);
  control(root, 'call')?.toggleAttribute('disabled', live);
  control(root, 'cancel')?.toggleAttribute('disabled', !live);
  const hold = control(root, 'hold');
  hold?.toggleAttribute('disabled', !can.hold);
  hold?.setAttribute('aria-pressed', String(!!status.held));
  const words = control(root, 'status');
  if (words && !words.hasAttribute('role')) words.setAttribute('role', 'status');
  showWords(root, status);
  const detail = { ...status, number: root.getAttribute('number') ?? '' };
  root.dispatchEvent(new CustomEvent('call-change', { detail, bubbles: true, composed: true }));
}

function showWords(root: Element, status: Status): void {
  const words = control(root, 'status');
  if (!words) return;
  const time = status.phase === 'connected' && status.since !== undefined ? ` ${duration(Date.now() - status.since)}` : '';
  const text = status.phase === 'idle' ? '' : say(status, pageSettings().words) + time;
  if (words.textContent !== text) words.textContent = text;
}

/** Wires what is there, and what a page adds later. */
export function wireAll(root: ParentNode & Node): void {
  const each = (node: ParentNode): void => node.querySelectorAll('[number]').forEach(wire);
  each(root);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node instanceof Element) {
          if (node.hasAttribute('number')) wire(node);
          each(node);
        }
  }).observe(root, { childList: true, subtree: true });
}
