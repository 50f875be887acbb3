// What a shipped part is made of, as a CycloneDX 1.6 bill of materials.
//
//   node sbom.mjs --name worker --version 1.2 [--deps App.deps.json] [--lock package-lock.json] [--dockerfile Dockerfile] [--out FILE]
//
// Packages come from what was published or locked, not from what projects ask for; base images and Debian packages from the Dockerfile.
// Licences are those that packages declare, where the package folder of this machine has them.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: told } = parseArgs({
  options: Object.fromEntries(['name', 'version', 'deps', 'lock', 'dockerfile', 'out'].map((name) => [name, { type: 'string' }])),
});
const hex = (base64) => Buffer.from(base64, 'base64').toString('hex');
const sha512 = (integrity) => (integrity?.startsWith('sha512-') ? [{ alg: 'SHA-512', content: hex(integrity.slice(7)) }] : undefined);
const licensed = (expression) => (expression ? [{ expression }] : undefined);

function nugetLicence(name, version) {
  const folder = process.env.NUGET_PACKAGES ?? join(homedir(), '.nuget', 'packages');
  const file = join(folder, name.toLowerCase(), version.toLowerCase(), `${name.toLowerCase()}.nuspec`);
  if (!existsSync(file)) return undefined;
  return /<license type="expression">([^<]+)<\/license>/.exec(readFileSync(file, 'utf8'))?.[1];
}

/** Libraries of a .NET program: packages, and our own projects beside them. */
function* published(file) {
  for (const [key, library] of Object.entries(JSON.parse(readFileSync(file, 'utf8')).libraries)) {
    const [name, version] = key.split('/');
    if (library.type === 'project') yield { type: 'library', name, version: told.version, 'bom-ref': name };
    else {
      const purl = `pkg:nuget/${name}@${version}`;
      yield { type: 'library', name, version, purl, 'bom-ref': purl, hashes: sha512(library.sha512), licenses: licensed(nugetLicence(name, version)) };
    }
  }
}

/** Packages of npm that are there at run time. */
function* locked(file) {
  for (const [path, entry] of Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)) {
    if (path === '' || entry.dev || entry.devOptional) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const purl = `pkg:npm/${name.replace('@', '%40')}@${entry.version}`;
    yield { type: 'library', name, version: entry.version, purl, 'bom-ref': purl, hashes: sha512(entry.integrity), licenses: licensed(entry.license) };
  }
}

/** Base images, and what the last stage installs. */
function* ofDockerfile(file) {
  const text = readFileSync(file, 'utf8').replaceAll('\\\n', ' ');
  for (const [, image, digest] of text.matchAll(/^ARG [A-Z_]+=([^\s@]+:[^\s@]+)(?:@(sha256:[0-9a-f]{64}))?$/gm)) {
    const colon = image.lastIndexOf(':');
    const [name, version] = [image.slice(0, colon), image.slice(colon + 1)];
    yield { type: 'container', name, version, 'bom-ref': `image:${image}`, hashes: digest && [{ alg: 'SHA-256', content: digest.slice(7) }] };
  }
  const last = text.slice(text.lastIndexOf('\nFROM '));
  for (const [, names] of last.matchAll(/apt-get install ((?:[^&|;\n])+)/g)) {
    for (const name of names.split(/\s+/).filter((word) => word !== '' && !word.startsWith('-'))) {
      yield { type: 'library', name, purl: `pkg:deb/debian/${name}`, 'bom-ref': `pkg:deb/debian/${name}` };
    }
  }
}

const components = [
  ...(told.deps ? published(told.deps) : []),
  ...(told.lock ? locked(told.lock) : []),
  ...(told.dockerfile ? ofDockerfile(told.dockerfile) : []),
].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));

const bill = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  serialNumber: `urn:uuid:${randomUUID()}`,
  version: 1,
  metadata: {
    timestamp: new Date().toISOString(),
    component: { type: 'application', name: `click-to-dial-${told.name}`, version: told.version, 'bom-ref': 'root' },
  },
  components,
};
const text = `${JSON.stringify(bill, null, 2)}\n`;
if (told.out) writeFileSync(told.out, text);
else process.stdout.write(text);
