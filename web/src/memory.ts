/** Which call belongs to which number on this page, for as long as the tab is open: a page that is loaded anew finds its call again. */
export interface Memory {
  callOf(number: string): string | null;
  keep(number: string, callId: string | null): void;
}

const key = (number: string): string => `click-to-call:${number}`;

/** In the tab's session storage; where that is switched off, nowhere. */
export const tabMemory: Memory = {
  callOf(number) {
    try {
      return sessionStorage.getItem(key(number));
    } catch {
      return null;
    }
  },
  keep(number, callId) {
    try {
      if (callId === null) sessionStorage.removeItem(key(number));
      else sessionStorage.setItem(key(number), callId);
    } catch {
      // The call goes on; only a reload forgets it.
    }
  },
};
