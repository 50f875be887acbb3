import type { BrowserCalls, LoadBrowserCalls } from './line.js';

let loading: Promise<BrowserCalls> | undefined;

/** Once for all buttons; a load that failed is tried again. */
export const loadBrowserCalls: LoadBrowserCalls = () =>
  (loading ??= import('./calls/browser-call.js').then(
    (module) => module.browserCalls,
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  ));
