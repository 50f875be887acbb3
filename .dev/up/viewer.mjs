// `./dev up --observe`: a viewer of traces on this machine, if one is installed; otherwise says what to do instead.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { listening, Part } from './part.mjs';

// Each takes OTLP over HTTP at its usual port.
const VIEWERS = [
  { command: 'otel-desktop-viewer', args: ['--browser', '8000'], page: 'http://localhost:8000' },
  { command: 'jaeger', args: [], page: 'http://localhost:16686' },
  { command: 'jaeger-all-in-one', args: [], page: 'http://localhost:16686' },
];
const PORT = 4318;

function pathOf(command) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return join(folder, command);
    } catch {
      // Not there: the next folder.
    }
  }
  return undefined;
}

/** @returns {{ part: Part, endpoint: string, page: string } | undefined} */
export function viewerPart(logs) {
  for (const { command, args, page } of VIEWERS) {
    const path = pathOf(command);
    if (!path) continue;
    return { part: new Part('viewer', path, args, { log: join(logs, 'viewer.log'), healthy: listening(PORT) }), endpoint: `http://127.0.0.1:${PORT}`, page };
  }
  console.log(`! no viewer of traces is installed (${VIEWERS.map((viewer) => viewer.command).join(', ')}). ./dev trace <call id> tells of a call from its logs.`);
  return undefined;
}
