import type { Api } from '../session/api.js';
import { CallError, type Call, type Status, type Tell } from './status.js';
import { endReason } from './words.js';

/** A call of the API, as far as the button looks at it. */
export interface CallView {
  readonly id: string;
  readonly state: string;
  readonly result?: string | null;
  readonly reason?: string | null;
}

const phases: Readonly<Record<string, Status['phase']>> = {
  requested: 'starting',
  'ringing-user': 'ringing-you',
  prompting: 'confirming',
  'ringing-destination': 'ringing',
  connected: 'connected',
};

/** What a call of the API is for the person at the button. A call in which both talked, or that somebody gave up, has ended; others failed. */
export function statusOf(view: CallView, before: Status, now: number): Status {
  const callId = view.id;
  if (view.state === 'ended') {
    const fine = view.result === 'answered' || view.result === 'cancelled';
    if (!fine) return { phase: 'failed', callId, reason: view.reason ?? 'unexpected' };
    const reason = view.result === 'answered' ? endReason(view.reason) : undefined;
    return reason === undefined ? { phase: 'ended', callId } : { phase: 'ended', callId, reason };
  }
  const phase = phases[view.state] ?? before.phase;
  // Measured here: the clocks of this machine and of the service may differ.
  return phase === 'connected' ? { phase, callId, since: before.since ?? now, held: before.held ?? false } : { phase, callId };
}

/** Milliseconds until the call is asked about again. */
const pace = (phase: Status['phase'], failures: number): number => {
  if (failures > 0) return Math.min(500 * 2 ** failures, 8000);
  return phase === 'connected' ? 1500 : 600;
};

/** A call between the user's own phone and the number: the page only asks for it and looks on. */
export class PhoneCall implements Call {
  #status: Status = { phase: 'starting' };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #left = false;

  private constructor(private readonly api: Api, private readonly id: string, private readonly tell: Tell) {}

  /** Asks for a call. An answer that is lost is asked for again under the same key, so nobody is called twice. */
  static async place(api: Api, number: string, options: { prompt?: boolean }, tell: Tell): Promise<PhoneCall> {
    tell({ phase: 'starting' });
    const key = crypto.randomUUID();
    const body = { destination: number, ...(options.prompt ? { prompt: true } : {}) };
    const ask = (): Promise<unknown> => api.send('POST', '/api/calls', body, { 'Idempotency-Key': key });
    const view = (await ask().catch((error: unknown) => {
      if (error instanceof CallError && error.reason === 'network') return ask();
      throw error;
    })) as CallView;
    return PhoneCall.follow(api, view.id, tell);
  }

  /** Looks on at a call that was placed before, perhaps before the page was loaded anew. */
  static follow(api: Api, id: string, tell: Tell): PhoneCall {
    const call = new PhoneCall(api, id, tell);
    void call.#ask(0);
    return call;
  }

  async hangUp(): Promise<void> {
    await this.api.send('DELETE', `/api/calls/${this.id}`);
    await this.#look();
  }

  async hold(on: boolean): Promise<void> {
    await this.api.send('POST', `/api/calls/${this.id}/${on ? 'hold' : 'resume'}`);
    if (this.#status.phase === 'connected') this.#set({ ...this.#status, held: on });
  }

  leave(): void {
    this.#left = true;
    clearTimeout(this.#timer);
  }

  async #ask(failures: number): Promise<void> {
    let next = 0;
    try {
      await this.#look();
    } catch (error) {
      if (error instanceof CallError && error.reason === 'call-not-found') {
        this.#set({ phase: 'ended', callId: this.id });
      } else {
        // Not being able to look is no end of the call.
        next = failures + 1;
        this.#set({ ...this.#status, reconnecting: true });
      }
    }
    const { phase } = this.#status;
    if (this.#left || phase === 'ended' || phase === 'failed') return;
    this.#timer = setTimeout(() => void this.#ask(next), pace(phase, next));
  }

  async #look(): Promise<void> {
    const view = (await this.api.send('GET', `/api/calls/${this.id}`)) as CallView;
    this.#set(statusOf(view, this.#status, Date.now()));
  }

  #set(status: Status): void {
    if (this.#left || this.#status.phase === 'ended' || this.#status.phase === 'failed') return;
    this.#status = status;
    this.tell(status);
  }
}
