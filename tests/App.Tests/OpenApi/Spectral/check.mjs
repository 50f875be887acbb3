// Reads an OpenAPI document and writes a line for each thing that the linter finds wrong with it. All its rules are on but those named here.
import { text } from 'node:stream/consumers';
import spectral from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';

const rules = {
  // Whom to ask is up to whoever runs the service.
  'info-contact': 'off',
  // Under which terms the software may be used its description need not say.
  'info-license': 'off',
  'license-url': 'off',
};
const linter = new spectral.Spectral();
linter.setRuleset({ extends: [[rulesets.oas, 'all']], rules });
const severities = ['error', 'warning', 'information', 'hint'];
for (const { severity, code, path, message } of await linter.run(await text(process.stdin))) {
  process.stdout.write(`${severities[severity]} ${code} ${path.join('/')}: ${message.replaceAll('\n', ' ')}\n`);
}
