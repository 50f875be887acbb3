// The secrets of this machine: made once at random, kept readable by the user alone, forgotten with the state folder.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const random = () => randomBytes(16).toString('hex');

/** Returns the secrets kept in the state folder, making those that are not there yet. */
export function secretsOf(stateFolder) {
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const file = join(stateFolder, 'secrets.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const secrets = {
    controlToken: random(),
    workerToken: random(),
    pbxToken: random(),
    scriptsToken: random(),
    hookSecret: `whsec_${randomBytes(32).toString('base64')}`,
    encryptionKey: randomBytes(32).toString('base64'),
    signingKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
    seed: {},
    ...kept,
  };
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

/** Writes the seed: the sample with every ${random:NAME} replaced by this machine's secret of that name, open to pages of that origin. */
export function writeSeed(sample, stateFolder, secrets, origin) {
  const text = readFileSync(sample, 'utf8').replace(/\$\{random:([A-Za-z0-9_-]+)\}/g, (_, name) => (secrets.seed[name] ??= random()));
  writeFileSync(join(stateFolder, 'secrets.json'), JSON.stringify(secrets, null, 2), { mode: 0o600 });
  const file = join(stateFolder, 'seed.json');
  const seed = JSON.parse(text);
  seed.domains[0].origins.push(origin);
  writeFileSync(file, JSON.stringify(seed), { mode: 0o600 });
  return { file, seed };
}
