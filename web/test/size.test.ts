import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const site = new URL('../../site/', import.meta.url);
const limit = 12 * 1024;

test('V7: the script is under 12 KB gzipped, and the SIP library is not in it', () => {
  const script = readFileSync(new URL('click-to-call.js', site));
  // Chunks that the script imports at once count as well.
  const imported = [...script.toString().matchAll(/from\s*"\.\/(chunks\/[^"]+)"/g)].map((m) => readFileSync(new URL(m[1]!, site)));
  const size = [script, ...imported].map((part) => gzipSync(part, { level: 9 }).length).reduce((a, b) => a + b);
  assert.ok(size < limit, `${size} bytes`);
  assert.doesNotMatch(script.toString(), /JsSIP|REGISTER/);
  const lazy = readdirSync(new URL('chunks/', site)).filter((name) => name.startsWith('browser-call'));
  assert.equal(lazy.length, 1);
  assert.match(script.toString(), new RegExp(`import\\(.\\./chunks/${lazy[0]!}`));
});
