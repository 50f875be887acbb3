import { fromUrl, SessionKeeper, type SessionSource } from './session/keeper.js';
import type { Words } from './calls/words.js';

/** What a page may say once for all its buttons, in <code>window.clickToCall</code>, before or after the script is loaded. */
export interface PageSettings {
  /** Where tokens come from: an address of the page's own back end, or a function. */
  session?: string | SessionSource;
  /** Base address of the functions; where this script came from if not said. */
  api?: string;
  /** WebSocket address of the gateway. */
  gateway?: string;
  words?: Words;
}

declare global {
  interface Window {
    clickToCall?: PageSettings;
  }
}

const keepers = new Map<string | SessionSource, SessionKeeper>();

/** One keeper for each source, however many buttons there are. */
function keeperOf(source: string | SessionSource): SessionKeeper {
  let keeper = keepers.get(source);
  if (!keeper) keepers.set(source, (keeper = new SessionKeeper(typeof source === 'string' ? fromUrl(source) : source)));
  return keeper;
}

export const pageSettings = (): PageSettings => window.clickToCall ?? {};

/** What the element says, else the page, else the default. */
export function settingsOf(element: Element, source?: SessionSource): { api: string; gateway?: string; sessions: SessionKeeper } {
  const page = pageSettings();
  const said = (name: string): string | undefined => element.getAttribute(name) ?? undefined;
  const session = source ?? said('session') ?? page.session ?? '/click-to-call/session';
  const gateway = said('gateway') ?? page.gateway;
  const api = new URL(said('api') ?? page.api ?? new URL(import.meta.url).origin, document.baseURI).href;
  return {
    api,
    ...(gateway === undefined ? {} : { gateway }),
    sessions: keeperOf(typeof session === 'string' ? new URL(session, document.baseURI).href : session),
  };
}
