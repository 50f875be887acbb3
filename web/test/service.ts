import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly key: string | undefined;
  readonly body: string;
}

export type Answer = { status: number; body?: unknown; drop?: boolean };

/** The functions, as far as a button sees them: each request is answered by what the test says, and kept. */
export class Service {
  readonly asked: Asked[] = [];
  #server: Server;

  private constructor(private readonly answer: (asked: Asked, nth: number) => Answer) {
    this.#server = createServer((request, response) => {
      void this.#read(request).then((asked) => {
        this.asked.push(asked);
        const { status, body, drop } = this.answer(asked, this.asked.length);
        if (drop) return void request.socket.destroy();
        response.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', 'Access-Control-Allow-Origin': '*' });
        response.end(body === undefined ? '' : JSON.stringify(body));
      });
    });
  }

  static async start(answer: (asked: Asked, nth: number) => Answer): Promise<Service> {
    const service = new Service(answer);
    await new Promise<void>((done) => service.#server.listen(0, '127.0.0.1', done));
    return service;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(() => done()));
  }

  async #read(request: IncomingMessage): Promise<Asked> {
    let body = '';
    for await (const part of request) body += String(part);
    const { authorization } = request.headers;
    return {
      method: request.method ?? '',
      path: request.url ?? '',
      token: authorization?.replace('Bearer ', ''),
      key: request.headers['idempotency-key'] as string | undefined,
      body,
    };
  }
}

export const problem = (status: number, reason: string): Answer => ({ status, body: { reason, status } });

let made = 0;

/** A token as the functions make them, but for the signature. */
export function token(expiresIn = 300_000, user = '101'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor((Date.now() + expiresIn) / 1000);
  return `${part({ alg: 'ES256' })}.${part({ sub: user, domain: 'demo.local', exp, jti: `t${++made}` })}.c2ln`;
}

/** Waits for something that comes about by events; the limit is for a test that has failed. */
export async function until(happened: () => boolean, what: string): Promise<void> {
  const limit = Date.now() + 10_000;
  while (!happened()) {
    if (Date.now() > limit) throw new Error(`never: ${what}`);
    await new Promise((done) => setImmediate(done));
  }
}
