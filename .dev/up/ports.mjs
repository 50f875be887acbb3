// Says which port of the suite somebody else has, before anything is built over what may be running.
import { listening } from './part.mjs';
import { portsOf } from './settings.mjs';

export async function refuseBusyPorts(ports) {
  const named = { functions: ports.functions, worker: ports.worker, scripts: ports.scripts, page: ports.crm, SIP: ports.sip, Azurite: ports.azurite, 'Azurite queues': ports.azurite + 1, 'Azurite tables': ports.azurite + 2 };
  for (const [what, port] of Object.entries(named)) {
    if (await listening(port)()) {
      throw new Error(`port ${port} (${what}) is in use. Stop what uses it, or choose another: ./dev help names the variables.`);
    }
  }
}

if (process.argv[1] === import.meta.filename) {
  try {
    await refuseBusyPorts(portsOf(process.env));
  } catch (error) {
    console.error(`dev: ${error.message}`);
    process.exitCode = 1;
  }
}
