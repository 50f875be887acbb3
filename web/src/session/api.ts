import { CallError } from '../calls/status.js';
import type { SessionKeeper } from './keeper.js';

/** Refusals that another token of the same user may not meet. */
const renewable = new Set(['token-expired', 'token-spent', 'token-invalid']);

/** The functions' API, with the session token as the credential. */
export class Api {
  constructor(private readonly base: string, private readonly sessions: SessionKeeper) {}

  async send(method: string, path: string, body?: object, headers: Record<string, string> = {}): Promise<unknown> {
    const session = await this.sessions.get();
    const first = await this.#once(session.token, session.api ?? this.base, method, path, body, headers);
    if (!(first instanceof CallError)) return first;
    if (!renewable.has(first.reason)) throw first;
    const next = await this.sessions.get(session.token);
    const second = await this.#once(next.token, next.api ?? this.base, method, path, body, headers);
    if (second instanceof CallError) throw second;
    return second;
  }

  async #once(
    token: string, base: string, method: string, path: string, body: object | undefined, headers: Record<string, string>,
  ): Promise<unknown> {
    let answer: Response;
    try {
      answer = await fetch(new URL(path, base), {
        method,
        headers: { ...headers, Authorization: `Bearer ${token}`, ...(body ? { 'Content-Type': 'application/json' } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
        cache: 'no-store',
        signal: AbortSignal.timeout(20_000),
      });
    } catch {
      throw new CallError('network');
    }
    const text = await answer.text();
    if (answer.ok) return text === '' ? null : JSON.parse(text);
    return new CallError(problemReason(text), Number(answer.headers.get('Retry-After')) || undefined);
  }
}

function problemReason(text: string): string {
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown };
    return typeof reason === 'string' ? reason : 'unexpected';
  } catch {
    return 'unexpected';
  }
}
