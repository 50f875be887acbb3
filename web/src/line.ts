import { PhoneCall } from './calls/phone-call.js';
import { CallError, idle, isUnderWay, reasonOf, type Call, type Status } from './calls/status.js';
import type { Notice } from './calls/notice.js';
import type { Memory } from './memory.js';
import { Api } from './session/api.js';
import type { SessionKeeper } from './session/keeper.js';

export type Mode = 'browser' | 'phone';

/** What a call needs to know at the moment it is made. */
export interface LineSettings {
  readonly number: string;
  readonly mode: Mode;
  /** Base address of the functions. */
  readonly api: string;
  /** WebSocket address of the gateway, for browser calls. */
  readonly gateway?: string | undefined;
  readonly prompt?: boolean;
  readonly sessions: SessionKeeper;
}

/** The module that makes browser calls, with the SIP library: loaded when the first such call is made. */
export interface BrowserCalls {
  place(settings: LineSettings, tell: (status: Status) => void, notify: (notice: Notice) => void): Promise<Call>;
}

export type LoadBrowserCalls = () => Promise<BrowserCalls>;

/**
 * One button's telephone: at most one call, and its status. What is shown, and how, is the matter of whoever listens
 * for <code>change</code>; <code>notice</code> brings what the gateway tells besides, as its detail.
 */
export class Line extends EventTarget {
  #status: Status = idle;
  #call: Call | undefined;
  #turn = 0;

  constructor(
    private readonly settings: () => LineSettings,
    private readonly memory: Memory,
    private readonly loadBrowserCalls: LoadBrowserCalls,
  ) {
    super();
  }

  get status(): Status {
    return this.#status;
  }

  get can(): { hold: boolean; mute: boolean; press: boolean } {
    const talking = this.#status.phase === 'connected';
    const call = this.#call;
    return { hold: talking && !!call?.hold, mute: talking && !!call?.mute, press: talking && !!call?.press };
  }

  /** Makes the call, if there is none. Fails by status, never by exception. */
  async call(): Promise<void> {
    if (isUnderWay(this.#status.phase)) return;
    const turn = ++this.#turn;
    this.#set({ phase: 'starting' });
    try {
      const settings = this.settings();
      const tell = this.#teller(turn, settings);
      const call = await this.#place(settings, tell, (notice) => {
        if (turn === this.#turn) this.dispatchEvent(new CustomEvent('notice', { detail: notice }));
      });
      if (turn === this.#turn && isUnderWay(this.#status.phase)) {
        this.#call = call;
        this.#notify();
      } else {
        // It was given up before anybody knew whom to hang up.
        await call.hangUp().catch(() => undefined);
        call.leave();
      }
    } catch (error) {
      if (turn === this.#turn) this.#set({ phase: 'failed', reason: reasonOf(error) });
    }
  }

  /** Ends the call, or gives it up while it is being made. */
  async hangUp(): Promise<void> {
    if (!isUnderWay(this.#status.phase)) return;
    const call = this.#call;
    if (!call) {
      this.#turn++;
      this.#set({ phase: 'ended' });
      return;
    }
    await call.hangUp().catch((error: unknown) => this.dispatchEvent(new CustomEvent('trouble', { detail: reasonOf(error) })));
  }

  async hold(on: boolean): Promise<void> {
    try {
      await this.#call?.hold?.(on);
    } catch (error) {
      this.dispatchEvent(new CustomEvent('trouble', { detail: reasonOf(error) }));
    }
  }

  mute(on: boolean): void {
    this.#call?.mute?.(on);
  }

  press(key: string): void {
    this.#call?.press?.(key);
  }

  /** Looks on at a call that this button made before the page was loaded anew. */
  resume(): void {
    const settings = this.settings();
    if (settings.mode !== 'phone' || isUnderWay(this.#status.phase)) return;
    const id = this.memory.callOf(settings.number);
    if (id === null) return;
    this.#set({ phase: 'starting', callId: id });
    this.#call = PhoneCall.follow(new Api(settings.api, settings.sessions), id, this.#teller(++this.#turn, settings));
  }

  /** The button is gone. A call between phones goes on without it. */
  leave(): void {
    this.#turn++;
    this.#call?.leave();
    this.#call = undefined;
    this.#status = idle;
  }

  async #place(settings: LineSettings, tell: (status: Status) => void, notify: (notice: Notice) => void): Promise<Call> {
    if (settings.number === '') throw new CallError('destination-invalid');
    if (settings.mode === 'browser') return (await this.loadBrowserCalls()).place(settings, tell, notify);
    const api = new Api(settings.api, settings.sessions);
    return PhoneCall.place(api, settings.number, settings.prompt ? { prompt: true } : {}, tell);
  }

  #teller(turn: number, settings: LineSettings): (status: Status) => void {
    return (status) => {
      if (turn !== this.#turn) return;
      if (settings.mode === 'phone') this.memory.keep(settings.number, isUnderWay(status.phase) ? (status.callId ?? null) : null);
      if (!isUnderWay(status.phase)) this.#call = undefined;
      this.#set(status);
    };
  }

  #set(status: Status): void {
    this.#status = status;
    this.#notify();
  }

  #notify(): void {
    this.dispatchEvent(new Event('change'));
  }
}
