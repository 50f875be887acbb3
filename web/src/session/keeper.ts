import { CallError } from '../calls/status.js';
import { claimsOf, type Claims } from './token.js';

/** What the page's own back end answers: the answer of `POST /api/sessions`, and where the gateway is if not said elsewhere. */
export interface SessionAnswer {
  readonly token: string;
  readonly api?: string;
  readonly gateway?: string;
  readonly iceServers?: RTCIceServer[];
  /** As `POST /api/sessions` gives it where the operator runs a TURN server. */
  readonly turn?: RTCIceServer | null;
}

export interface Session extends SessionAnswer {
  readonly claims: Claims;
}

export type SessionSource = () => Promise<SessionAnswer>;

const early = 10_000;

/** Asks a page's back end, which knows who is signed in there, for a token. */
export const fromUrl = (url: string): SessionSource => async () => {
  let answer: Response;
  try {
    answer = await fetch(url, { method: 'POST', credentials: 'same-origin', headers: { Accept: 'application/json' } });
  } catch {
    throw new CallError('network');
  }
  if (answer.status === 401 || answer.status === 403) throw new CallError('signed-out');
  if (!answer.ok) throw new CallError('session-unavailable');
  return (await answer.json()) as SessionAnswer;
};

/**
 * Keeps one token and fetches the next before it expires. Whoever asks meanwhile waits for the same answer. Calls know nothing of
 * this: they ask for a session whenever they need one.
 */
export class SessionKeeper {
  #current: Session | undefined;
  #asking: Promise<Session> | undefined;

  constructor(private readonly source: SessionSource, private readonly now: () => number = Date.now) {}

  /** @param not A token that was refused: another is wanted. */
  async get(not?: string): Promise<Session> {
    const current = this.#current;
    if (current && current.token !== not && current.claims.expires - early > this.now()) return current;
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Milliseconds until it is time to ask for the next, with a fifth of its life left. */
  static renewIn(session: Session, now: number): number {
    const left = session.claims.expires - now;
    return Math.max(1000, Math.min(left * 0.8, left - early));
  }

  async #ask(): Promise<Session> {
    let answer: SessionAnswer;
    try {
      answer = await this.source();
    } catch (error) {
      throw error instanceof CallError ? error : new CallError('session-unavailable');
    }
    const claims = typeof answer?.token === 'string' ? claimsOf(answer.token) : null;
    if (!claims) throw new CallError('session-unavailable');
    return (this.#current = { ...answer, claims });
  }
}
