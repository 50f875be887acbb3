// One process of the suite: started with its output in a log file, waited for until healthy, stopped in good order.
import { spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';

const HEALTH_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 15_000;

export class Part {
  constructor(name, command, args, { env = {}, log, healthy }) {
    Object.assign(this, { name, command, args, env, log, healthy });
    this.exited = new Promise((resolve) => (this.onExit = resolve));
  }

  async start() {
    process.stdout.write(`• starting ${this.name} `);
    const out = createWriteStream(this.log);
    // A group of its own: Ctrl-C in the terminal reaches only us, and we stop the parts one after the other.
    this.child = spawn(this.command, this.args, { env: { ...process.env, ...this.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.child.stdout.pipe(out, { end: false });
    this.child.stderr.pipe(out, { end: false });
    this.child.on('error', (error) => this.onExit(error.message));
    this.child.on('exit', (code, signal) => this.onExit(signal ?? `exit code ${code}`));
    let gone;
    this.exited.then((how) => (gone = how));
    const limit = Date.now() + HEALTH_LIMIT_MS;
    while (!(await this.healthy())) {
      if (gone !== undefined) throw new Error(`${this.name} stopped while starting (${gone}).\n${this.tail()}`);
      if (Date.now() > limit) throw new Error(`${this.name} was not healthy within ${HEALTH_LIMIT_MS / 1000} s.\n${this.tail()}`);
      process.stdout.write('.');
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    process.stdout.write(' ready\n');
  }

  tail() {
    const lines = readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-25);
    return [...lines.map((line) => `    ${line}`), `  The whole log: ${this.log}`].join('\n');
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    process.stdout.write(`• stopping ${this.name} `);
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => process.kill(-this.child.pid, 'SIGKILL'), STOP_LIMIT_MS);
    const how = await this.exited;
    clearTimeout(timer);
    process.stdout.write(`${how === 'SIGKILL' ? `killed after ${STOP_LIMIT_MS / 1000} s` : 'done'}\n`);
  }
}

/** True once something listens on the port of this machine. */
export const listening = (port) => () =>
  new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    const done = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(1000, () => done(false));
    socket.on('connect', () => done(true));
    socket.on('error', () => done(false));
  });

/** True once the URL answers with success. */
export const answers = (url) => async () => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
};
