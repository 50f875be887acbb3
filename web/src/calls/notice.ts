/** What the gateway tells a page besides its call: news and failures of the back end of its domain. */
export interface Notice {
  /** Such as <code>CallStatusEvent</code> or <code>ErrorEvent</code>. */
  readonly message: string;
  /** As the back end lets pages see it. Data, and never to be shown as HTML. */
  readonly data: Readonly<Record<string, unknown>>;
}

const maxCharacters = 16_384;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the body of a MESSAGE, <code>{"message": "...", "data": [{...}]}</code>; null for anything else. */
export function readNotice(contentType: string | undefined, body: string | undefined): Notice | null {
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '') || !body || body.length > maxCharacters) return null;
  try {
    const frame: unknown = JSON.parse(body);
    if (!isObject(frame) || !Array.isArray(frame['data'])) return null;
    const { message, data: [first] } = frame as { message: unknown; data: unknown[] };
    return typeof message === 'string' && /^\w{1,64}$/.test(message) && isObject(first) ? { message, data: first } : null;
  } catch {
    return null;
  }
}
