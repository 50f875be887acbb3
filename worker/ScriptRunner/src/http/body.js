import { BadRequest } from './requests.js';

export class TooLarge extends Error {}

const BODY_MS = 10_000;
const DRAINED = 4; // A body of up to so many times the limit is read, and dropped.

/**
 * Reads a JSON body; the limit is checked as the bytes arrive.
 * @param {import('node:http').IncomingMessage} request @param {number} most bytes
 * @returns {Promise<unknown>}
 */
export async function readJson(request, most) {
  if (!/^application\/json(\s*;|$)/i.test(request.headers['content-type'] ?? '')) throw new BadRequest('The body must be application/json.');
  if (request.headers['content-encoding']) throw new BadRequest('The body must not be compressed.');
  /** @type {Buffer[]} */
  const parts = [];
  let length = 0;
  const late = setTimeout(() => request.destroy(), BODY_MS);
  try {
    for await (const part of request) {
      length += part.length;
      if (length <= most) parts.push(part);
      else parts.length = 0;
      // A sender that is cut off before it has sent what it had to say would not read why.
      if (length > most * DRAINED) throw new TooLarge();
    }
    if (length > most) throw new TooLarge();
  } finally {
    clearTimeout(late);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)));
  } catch {
    throw new BadRequest('The body is no JSON.');
  }
}
