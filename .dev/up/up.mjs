// `./dev up`: Azurite, the script runner, the functions, the worker and a page with buttons on this machine, until Ctrl-C or until one of them dies.
import { mkdirSync, rmSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answers, listening, Part } from './part.mjs';
import { refuseBusyPorts } from './ports.mjs';
import { secretsOf, writeSeed } from './secrets.mjs';
import { addressOf, crmOrigin, crmSettings, functionsSettings, portsOf, scriptsSettings, telemetrySettings, workerSettings } from './settings.mjs';
import { viewerPart } from './viewer.mjs';
import { welcome } from './welcome.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const local = join(root, '.local');
const state = join(local, 'state');
const logs = join(local, 'logs');
const argument = (name) => process.argv[process.argv.indexOf(name) + 1];
const configuration = argument('--configuration') ?? 'Release';
const ports = portsOf(process.env);
const address = addressOf(process.env);

const program = (project, name) => join(root, project, 'bin', configuration, 'net10.0', name);

function partsOf(secrets, seedFile, seed, viewer) {
  const azurite = join(local, 'tools', 'node_modules', 'azurite', 'dist', 'src', 'azurite.js');
  return [
    new Part('azurite', process.execPath, [
      azurite, '--silent', '--disableTelemetry', '--location', join(state, 'azurite'),
      '--blobHost', '127.0.0.1', '--blobPort', `${ports.azurite}`,
      '--queueHost', '127.0.0.1', '--queuePort', `${ports.azurite + 1}`,
      '--tableHost', '127.0.0.1', '--tablePort', `${ports.azurite + 2}`,
    ], { log: join(logs, 'azurite.log'), healthy: listening(ports.azurite + 2) }),
    new Part('scripts', process.execPath, [join(root, 'worker', 'ScriptRunner', 'src', 'main.js')], {
      env: scriptsSettings(secrets, ports),
      log: join(logs, 'scripts.log'),
      healthy: answers(`http://127.0.0.1:${ports.scripts}/healthz`),
    }),
    new Part('functions', program('functions/App', 'ClickToDial.App'), [], {
      env: { ...functionsSettings(secrets, ports, seedFile), ...telemetrySettings(logs, 'functions', viewer) },
      log: join(logs, 'functions.log'),
      healthy: answers(`http://127.0.0.1:${ports.functions}/healthz`),
    }),
    new Part('worker', program('worker/Host', 'ClickToDial.Worker'), [], {
      env: { ...workerSettings(secrets, ports, join(state, 'worker'), address), ...telemetrySettings(logs, 'worker', viewer) },
      log: join(logs, 'worker.log'),
      healthy: answers(`http://127.0.0.1:${ports.worker}/healthz/ready`),
    }),
    new Part('page', process.execPath, [join(root, 'web', 'demo', 'server.mjs')], {
      env: crmSettings(ports, seed),
      log: join(logs, 'page.log'),
      healthy: answers(crmOrigin(ports)),
    }),
  ];
}

async function main() {
  await refuseBusyPorts(ports);
  if (process.argv.includes('--fresh') && existsSync(state)) {
    console.log('• forgetting the state and the secrets of earlier runs');
    rmSync(state, { recursive: true });
  }
  mkdirSync(logs, { recursive: true });
  const secrets = secretsOf(state);
  const { file, seed } = writeSeed(join(root, 'functions', 'App', 'Directory', 'seed.sample.json'), state, secrets, crmOrigin(ports));
  const viewer = process.argv.includes('--observe') ? viewerPart(logs) : undefined;
  const parts = [...(viewer ? [viewer.part] : []), ...partsOf(secrets, file, seed, viewer)];
  // Kept for good: a second Ctrl-C while stopping, or a closed terminal, must not leave the parts behind.
  const interrupted = new Promise((resolve) => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach((signal) => process.on(signal, () => resolve(signal))));
  let failure;
  try {
    for (const part of parts) {
      const early = await Promise.race([part.start(), interrupted]);
      if (early) return;
    }
    if (viewer) console.log(`\nTraces: ${viewer.page}`);
    console.log(welcome(seed, ports, address));
    const end = await Promise.race([interrupted, ...parts.map((part) => part.exited.then((how) => ({ part, how })))]);
    if (end.part) failure = `${end.part.name} stopped by itself (${end.how}).\n${end.part.tail()}`;
  } catch (error) {
    failure = error.message;
  } finally {
    process.stdout.write('\n');
    for (const part of parts.toReversed()) await part.stop();
  }
  if (failure) throw new Error(failure);
}

try {
  await main();
} catch (error) {
  console.error(`dev: ${error.message}`);
  process.exitCode = 1;
}
