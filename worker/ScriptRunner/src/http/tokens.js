import { createHash, timingSafeEqual } from 'node:crypto';

/** @param {string} text */
const hash = (text) => createHash('sha256').update(text).digest();

/**
 * Whether an Authorization header holds one of the tokens. Takes the same time whatever the header holds.
 * @param {string[]} tokens
 * @returns {(header: string | undefined) => boolean}
 */
export function tokenCheck(tokens) {
  const known = tokens.map(hash);
  return (header) => {
    const given = hash(/^Bearer (.*)$/.exec(header ?? '')?.[1] ?? '');
    let found = false;
    for (const token of known) found = timingSafeEqual(token, given) || found;
    return found;
  };
}
