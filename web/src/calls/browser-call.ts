import { UA, WebSocketInterface } from 'jssip';
import type { RTCSession } from 'jssip/lib/RTCSession.js';
import type { BrowserCalls, LineSettings } from '../line.js';
import { SessionKeeper, type Session } from '../session/keeper.js';
import { readNotice, type Notice } from './notice.js';
import { keepWhenRefused } from './refused-hold.js';
import { sipReason } from './sip-reasons.js';
import { CallError, type Call, type Status, type Tell } from './status.js';
import { endReason } from './words.js';

/** Refusals that another token of the same user may not meet. */
const renewable = new Set(['token-expired', 'token-spent', 'token-invalid']);

// Addresses of this machine are found at once; what takes longer is not worth a caller's wait.
const gatherMilliseconds = 400;

interface Incoming {
  readonly body?: string;
  getHeader(name: string): string | undefined;
}

async function microphone(): Promise<MediaStream> {
  if (!navigator.mediaDevices) throw new CallError('not-supported');
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  } catch (error) {
    throw new CallError((error as DOMException).name === 'NotFoundError' ? 'microphone-missing' : 'microphone-denied');
  }
}

/**
 * A call spoken from the page. The session token is the only credential. Registered while the call lasts, so that the gateway finds
 * the page again on a new socket when one has dropped; the sound has a way of its own and goes on meanwhile.
 */
class BrowserCall implements Call {
  readonly #ua: UA;
  readonly #sound = new Audio();
  #status: Status = { phase: 'starting' };
  #call: RTCSession | undefined;
  #renewing: ReturnType<typeof setTimeout> | undefined;
  #again = true;
  #over = false;

  constructor(
    private readonly settings: LineSettings,
    private session: Session,
    gateway: string,
    private readonly voice: MediaStream,
    private readonly tell: Tell,
    notify: (notice: Notice) => void,
  ) {
    this.#ua = new UA({
      sockets: [new WebSocketInterface(gateway)],
      uri: `sip:${session.claims.user}@${session.claims.domain}`,
      authorization_jwt: `Bearer ${session.token}`,
      session_timers: false,
      register: true,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 5,
      user_agent: 'click-to-call',
    });
    this.#ua.on('registered', () => this.#onRegistered());
    this.#ua.on('registrationFailed', (e) => void this.#onRefused(sipReason(e.response?.status_code, e.response?.getHeader('Reason'), e.cause ?? '')));
    this.#ua.on('disconnected', () => this.#onDisconnected());
    // This page makes calls; it is no phone to be rung, and its user talks in it.
    this.#ua.on('newRTCSession', ({ originator, session: other }: { originator: string; session: RTCSession }) => {
      if (originator === 'remote') other.terminate({ status_code: 486 });
    });
    this.#ua.on('newMessage', ({ originator, request }: { originator: string; request: Incoming }) => {
      const notice = originator === 'remote' && !this.#over ? readNotice(request.getHeader('Content-Type'), request.body) : null;
      if (notice) notify(notice);
    });
    this.#sound.autoplay = true;
    addEventListener('pagehide', this.#onPageHide);
  }

  start(): void {
    this.#renewLater();
    this.#ua.start();
  }

  hangUp(): Promise<void> {
    this.#end({ phase: 'ended' });
    return Promise.resolve();
  }

  hold(on: boolean): Promise<void> {
    if (on) this.#call?.hold();
    else this.#call?.unhold();
    return Promise.resolve();
  }

  mute(on: boolean): void {
    if (on) this.#call?.mute({ audio: true });
    else this.#call?.unmute({ audio: true });
  }

  press(key: string): void {
    this.#call?.sendDTMF(key, { transportType: 'RFC2833', duration: 120, interToneGap: 80 } as never);
  }

  leave(): void {
    this.#end({ phase: 'ended' });
  }

  readonly #onPageHide = (): void => this.#end({ phase: 'ended' });

  #onRegistered(): void {
    if (this.#status.reconnecting) this.#set({ ...this.#status, reconnecting: false });
    if (!this.#call && !this.#over) this.#dial();
  }

  #onDisconnected(): void {
    if (this.#over) return;
    if (this.#status.phase === 'connected') this.#set({ ...this.#status, reconnecting: true });
    else if (!this.#call) this.#end({ phase: 'failed', reason: 'network' });
  }

  // Another token may do where this one has run out; a call under way is not touched by either.
  async #onRefused(reason: string): Promise<void> {
    if (this.#over || this.#status.phase === 'connected') return;
    if (!renewable.has(reason) || !this.#again) return this.#end({ phase: 'failed', reason });
    this.#again = false;
    this.#call = undefined;
    try {
      await this.#renew();
      // Who is registered already is not told again that it is.
      if (this.#ua.isRegistered()) this.#dial();
    } catch (error) {
      this.#end({ phase: 'failed', reason: error instanceof CallError ? error.reason : 'session-unavailable' });
    }
  }

  async #renew(): Promise<void> {
    this.session = await this.settings.sessions.get(this.session.token);
    this.#ua.set('authorization_jwt', `Bearer ${this.session.token}`);
    this.#ua.register();
    this.#renewLater();
  }

  #renewLater(inMilliseconds = SessionKeeper.renewIn(this.session, Date.now())): void {
    clearTimeout(this.#renewing);
    if (this.#over) return;
    this.#renewing = setTimeout(() => void this.#renew().catch(() => this.#renewLater(5000)), inMilliseconds);
  }

  #dial(): void {
    let gathering: ReturnType<typeof setTimeout> | undefined;
    const call = this.#ua.call(`sip:${this.settings.number}@${this.session.claims.domain}`, {
      mediaStream: this.voice,
      pcConfig: { iceServers: this.session.iceServers ?? (this.session.turn ? [this.session.turn] : []) },
      rtcOfferConstraints: { offerToReceiveAudio: true, offerToReceiveVideo: false },
    }) as unknown as RTCSession;
    this.#call = call;
    keepWhenRefused(call);
    this.#hear(call.connection);
    call.on('peerconnection', ({ peerconnection }) => this.#hear(peerconnection));
    call.on('icecandidate', ({ ready }) => {
      clearTimeout(gathering);
      gathering = setTimeout(ready, gatherMilliseconds);
    });
    call.on('progress', () => this.#set({ phase: 'ringing' }));
    call.on('accepted', () => this.#set({ phase: 'connected', since: Date.now(), held: false, muted: false }));
    call.on('hold', (e) => this.#change(e.originator, { held: true }));
    call.on('unhold', (e) => this.#change(e.originator, { held: false }));
    call.on('muted', () => this.#set({ ...this.#status, muted: true }));
    call.on('unmuted', () => this.#set({ ...this.#status, muted: false }));
    call.on('ended', (e) => {
      const reason = endReason(sipReason(undefined, (e.message as Incoming | null)?.getHeader('Reason'), e.cause));
      this.#end(reason === undefined ? { phase: 'ended' } : { phase: 'ended', reason });
    });
    call.on('failed', (e) => {
      const response = e.message as { status_code?: number; getHeader(name: string): string | undefined } | null;
      if (e.originator === 'local' && e.cause === 'Canceled') return;
      void this.#onRefused(sipReason(response?.status_code, response?.getHeader('Reason'), e.cause));
    });
  }

  #change(originator: unknown, change: Partial<Status>): void {
    if (originator === 'local') this.#set({ ...this.#status, ...change });
  }

  #hear(connection: RTCPeerConnection | undefined): void {
    connection?.addEventListener('track', ({ streams }) => {
      this.#sound.srcObject = streams[0] ?? null;
      void this.#sound.play().catch(() => undefined);
    });
  }

  #end(status: Status): void {
    if (this.#over) return;
    this.#over = true;
    removeEventListener('pagehide', this.#onPageHide);
    clearTimeout(this.#renewing);
    if (this.#call && !this.#call.isEnded()) this.#call.terminate();
    this.voice.getTracks().forEach((track) => track.stop());
    this.#sound.srcObject = null;
    this.#ua.stop();
    this.#status = status;
    this.tell(status);
  }

  #set(status: Status): void {
    if (this.#over) return;
    this.#status = status;
    this.tell(status);
  }
}

export const browserCalls: BrowserCalls = {
  async place(settings, tell, notify) {
    // First: the browser asks its user at the click, or not at all.
    const voice = await microphone();
    try {
      const session = await settings.sessions.get();
      const gateway = session.gateway ?? settings.gateway;
      if (gateway === undefined) throw new CallError('session-unavailable');
      const call = new BrowserCall(settings, session, gateway, voice, tell, notify);
      call.start();
      return call;
    } catch (error) {
      voice.getTracks().forEach((track) => track.stop());
      throw error;
    }
  },
};
