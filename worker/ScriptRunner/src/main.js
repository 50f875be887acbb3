import { availableParallelism } from 'node:os';
import { makeServer } from './http/server.js';
import { Pool } from './sandbox/pool.js';
import { readSettings } from './settings.js';

const STOP_MS = 5_000;

/** @param {Record<string, unknown>} entry */
const log = (entry) => void process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);

const { settings, faults } = readSettings(process.env, availableParallelism());
if (faults.length > 0) {
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exit(2);
}

const pool = new Pool(settings);
const server = makeServer(settings, pool, log);
server.on('error', (error) => {
  process.stderr.write(`Cannot listen on ${settings.address}:${settings.port}: ${error.message}\n`);
  process.exit(1);
});
await pool.ready().catch((error) => {
  process.stderr.write(`Scripts cannot be run here: ${error.message}\n`);
  process.exit(1);
});
server.listen(settings.port, settings.address, () => {
  const address = server.address();
  log({ event: 'listening', address: settings.address, port: typeof address === 'object' ? address?.port : settings.port, threads: settings.threads });
});

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, stop);

async function stop() {
  if (stopping) return;
  stopping = true;
  // Runs under way are answered; a run has a limit of its own, so this ends.
  setTimeout(() => process.exit(1), settings.runMs + STOP_MS).unref();
  server.close(async () => {
    await pool.close();
    log({ event: 'stopped' });
    process.exit(0);
  });
  server.closeIdleConnections();
}
