import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainNumber } from '../src/number.js';

test('V7: fillers of a number do not count, letters of a name do', () => {
  assert.deepEqual(
    [' +1 (900) 555-0100 ', '+49 30/123.45', '102', '*97#', 'anna.maria', 'front-desk', '103-desk', ' echo ', null].map(plainNumber),
    ['+19005550100', '+493012345', '102', '*97#', 'anna.maria', 'front-desk', '103-desk', 'echo', ''],
  );
});
