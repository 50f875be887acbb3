/** What a session token says of itself. The page reads it only to know when to ask for another; nobody trusts it here. */
export interface Claims {
  readonly user: string;
  readonly domain: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** Null when the text is no token (RFC 7519, compact form). */
export function claimsOf(token: string): Claims | null {
  const part = token.split('.')[1];
  if (part === undefined) return null;
  try {
    const bytes = Uint8Array.from(atob(part.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof claims !== 'object' || claims === null) return null;
    const { sub, domain, exp } = claims as Record<string, unknown>;
    if (typeof sub !== 'string' || typeof domain !== 'string' || typeof exp !== 'number') return null;
    return { user: sub, domain, expires: exp * 1000 };
  } catch {
    return null;
  }
}
