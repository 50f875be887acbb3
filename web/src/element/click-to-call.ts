import { loadBrowserCalls } from '../load.js';
import type { Notice } from '../calls/notice.js';
import { isUnderWay, type Status } from '../calls/status.js';
import { duration, say, spokenDuration, words } from '../calls/words.js';
import { Line, type LineSettings } from '../line.js';
import { tabMemory } from '../memory.js';
import { plainNumber } from '../number.js';
import { pageSettings, settingsOf } from '../page.js';
import type { SessionSource } from '../session/keeper.js';
import { icons, style } from './style.js';

const keypad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

const markup = `<style>${style}</style>
<span class="box" part="box">
<button class="call" part="call" type="button">${icons.phone}<span part="label"><slot></slot></span><span class="unseen" part="number"></span></button>
<span class="dot" part="dot"></span><span part="status" class="status" aria-hidden="true"></span><span class="timer" part="timer" aria-hidden="true"></span>
<button class="tool mute" part="mute" type="button" aria-pressed="false">${icons.mute}</button>
<button class="tool hold" part="hold" type="button" aria-pressed="false">${icons.hold}</button>
<button class="tool pad" part="keypad" type="button" aria-expanded="false">${icons.keys}</button>
<button class="end" part="hang-up" type="button">${icons.phone}</button>
</span><span class="note" part="note" aria-hidden="true"></span>
<span class="keys" part="keys" role="group" hidden>${keypad.map((k) => `<button part="key" type="button" data-key="${k}">${k}</button>`).join('')}</span>
<span class="unseen said" role="status"></span>`;

/** Details of the event <code>call-change</code>. */
export interface CallChange extends Status {
  readonly number: string;
}

/** Details of the event <code>call-message</code>. */
export interface CallMessage extends Notice {
  readonly number: string;
}

/**
 * <code>&lt;click-to-call number="+15551234567" mode="phone|browser"&gt;Call us&lt;/click-to-call&gt;</code>.
 * It shows what its line says, and tells it what was pressed.
 */
export class ClickToCall extends HTMLElement {
  static readonly observedAttributes = ['disabled', 'number'];

  /**
   * Where tokens come from, instead of the attribute <code>session</code>. Only declared: a page may set it before this script is
   * loaded, and a field made here would wipe that out.
   */
  declare session: SessionSource | undefined;

  readonly line = new Line(() => this.#settings(), tabMemory, loadBrowserCalls);
  #timer: ReturnType<typeof setInterval> | undefined;
  #shown: Status['phase'] = 'idle';

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    root.innerHTML = markup;
    const on = (part: string, act: () => void): void => this.#part(part).addEventListener('click', act);
    on('call', () => void this.line.call());
    on('hang-up', () => void this.line.hangUp());
    on('hold', () => void this.line.hold(!this.line.status.held));
    on('mute', () => this.line.mute(!this.line.status.muted));
    on('keypad', () => this.#togglePad());
    this.#part('keys').addEventListener('click', (e) => {
      const key = (e.target as HTMLElement).dataset['key'];
      if (key !== undefined) this.line.press(key);
    });
    this.addEventListener('keydown', (e) => this.#onKey(e));
    this.line.addEventListener('change', () => this.#show());
    this.line.addEventListener('notice', (e) => {
      const detail: CallMessage = { ...(e as CustomEvent<Notice>).detail, number: this.getAttribute('number') ?? '' };
      this.dispatchEvent(new CustomEvent<CallMessage>('call-message', { detail, bubbles: true, composed: true }));
    });
  }

  connectedCallback(): void {
    this.#show();
    this.line.resume();
  }

  disconnectedCallback(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    // Moved within the page it comes back at once.
    queueMicrotask(() => {
      if (!this.isConnected) this.line.leave();
    });
  }

  attributeChangedCallback(): void {
    this.#show();
  }

  get status(): Status {
    return this.line.status;
  }

  call(): Promise<void> {
    return this.line.call();
  }

  hangUp(): Promise<void> {
    return this.line.hangUp();
  }

  #part(name: string): HTMLElement {
    return this.shadowRoot!.querySelector<HTMLElement>(`[part=${name}]`)!;
  }

  #settings(): LineSettings {
    return {
      number: plainNumber(this.getAttribute('number')),
      mode: this.getAttribute('mode') === 'browser' ? 'browser' : 'phone',
      prompt: this.hasAttribute('prompt'),
      ...settingsOf(this, this.session),
    };
  }

  #word(key: string): string {
    return pageSettings().words?.[key] ?? words[key]!;
  }

  #onKey(e: KeyboardEvent): void {
    const { phase } = this.line.status;
    if (e.key === 'Escape' && isUnderWay(phase) && phase !== 'connected') void this.line.hangUp();
    else if (/^[0-9*#]$/.test(e.key) && this.line.can.press && !e.ctrlKey && !e.altKey && !e.metaKey) this.line.press(e.key);
  }

  #togglePad(): void {
    const keys = this.#part('keys');
    keys.hidden = !keys.hidden;
    this.#part('keypad').setAttribute('aria-expanded', String(!keys.hidden));
  }

  #show(): void {
    const { status, can } = this.line;
    const live = isUnderWay(status.phase);
    const box = this.#part('box');
    const flag = (name: string, on: boolean): void => void box.toggleAttribute(`data-${name}`, on);
    const had = this.shadowRoot!.activeElement;
    box.dataset['phase'] = status.phase;
    flag('live', live);
    flag('held', !!status.held);
    flag('waiting', !!status.reconnecting);
    this.#part('call').hidden = live;
    this.#part('call').toggleAttribute('disabled', this.hasAttribute('disabled') || !this.getAttribute('number'));
    this.#showButton('hang-up', live, this.#word(status.phase === 'connected' ? 'hang-up' : 'cancel'));
    this.#showButton('hold', can.hold, this.#word('hold'), !!status.held);
    this.#showButton('mute', can.mute, this.#word('mute'), !!status.muted);
    this.#showButton('keypad', can.press, this.#word('keypad'));
    this.#part('keys').setAttribute('aria-label', this.#word('keypad'));
    if (!can.press) this.#part('keys').hidden = true;
    for (const part of ['dot', 'status', 'timer']) this.#part(part).hidden = !live;
    // Shown where the page has put nothing into the element. The number belongs to the button's name, not to its looks.
    this.shadowRoot!.querySelector('slot')!.textContent = this.getAttribute('label') ?? this.#word('call');
    this.#part('number').textContent = this.getAttribute('number') ?? '';
    if (live && had instanceof HTMLElement && had.hidden) this.#part('hang-up').focus();
    if (!live && had instanceof HTMLElement && had.hidden) this.#part('call').focus();
    this.#showWords(status, live);
    this.#tell(status);
  }

  /** A button that stays down keeps its name; that it is down is said beside. */
  #showButton(part: string, shown: boolean, name: string, pressed?: boolean): void {
    const button = this.#part(part);
    button.hidden = !shown;
    button.setAttribute('aria-label', name);
    button.title = name;
    if (pressed !== undefined) button.setAttribute('aria-pressed', String(pressed));
  }

  #showWords(status: Status, live: boolean): void {
    const text = say(status, pageSettings().words);
    const note = this.#part('note');
    this.#part('status').textContent = live ? text : '';
    note.hidden = live || status.phase === 'idle';
    note.textContent = note.hidden ? '' : text;
    note.toggleAttribute('data-bad', status.phase === 'failed');
    const talking = status.phase === 'connected' && status.since !== undefined;
    this.#part('timer').hidden = !talking;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (!talking) return;
    const tick = (): void => void (this.#part('timer').textContent = duration(Date.now() - status.since!));
    tick();
    this.#timer = setInterval(tick, 500);
  }

  // Said once for each change, to screen readers, which are spared the words that are seen, and to the page; the running time is said at the end only.
  #tell(status: Status): void {
    const said = this.shadowRoot!.querySelector('.said')!;
    const text = status.phase === 'idle' ? '' : say(status, pageSettings().words);
    if (status.phase === 'ended' && this.#since !== undefined) said.textContent = `${text}, ${spokenDuration(Date.now() - this.#since)}`;
    else if (said.textContent !== text) said.textContent = text;
    this.#since = status.since;
    if (this.#shown === 'idle' && status.phase === 'idle') return;
    this.#shown = status.phase;
    this.setAttribute('phase', status.phase);
    const detail: CallChange = { ...status, number: this.getAttribute('number') ?? '' };
    this.dispatchEvent(new CustomEvent<CallChange>('call-change', { detail, bubbles: true, composed: true }));
  }

  #since: number | undefined;
}
