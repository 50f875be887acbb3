// Reads lines of {"schema": ..., "values": [...]} and answers each with a line of verdicts: [true, false, ...], or "invalid" for no schema.
import { createInterface } from 'node:readline';
import Ajv2020 from 'ajv/dist/2020.js';

for await (const line of createInterface({ input: process.stdin })) {
  const { schema, values } = JSON.parse(line);
  let answer;
  try {
    const validate = new Ajv2020({ strict: false }).compile(schema);
    answer = values.map((value) => validate(value));
  } catch {
    answer = 'invalid';
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
