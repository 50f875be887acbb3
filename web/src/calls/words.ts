import type { Status } from './status.js';

/** What people are told, by phase and by reason. A page may replace any of it: `clickToCall.words`. */
export type Words = Readonly<Record<string, string>>;

export const words: Words = {
  idle: 'Call',
  starting: 'Calling…',
  'ringing-you': 'Your phone is ringing',
  confirming: 'Press 1 on your phone',
  ringing: 'Ringing',
  connected: 'Connected',
  held: 'On hold',
  muted: 'Muted',
  reconnecting: 'Reconnecting…',
  ended: 'Call ended',
  failed: 'The call did not work',
  call: 'Call',
  cancel: 'Cancel',
  'hang-up': 'Hang up',
  hold: 'Hold',
  mute: 'Mute',
  keypad: 'Keypad',

  'user-not-registered': 'None of your phones is online',
  'user-no-answer': 'You did not answer your phone',
  'user-busy': 'Your phone is busy',
  'user-refused': 'Your phone declined the call',
  'prompt-not-confirmed': 'The call was not confirmed',
  'destination-no-answer': 'Nobody answered',
  'destination-busy': 'The line is busy',
  'destination-refused': 'The call was declined',
  'destination-not-found': 'This number does not exist',
  'destination-unreachable': 'This number cannot be reached',
  'destination-invalid': 'This is not a number that can be called',
  'destination-denied': 'Calls to this number are not allowed',
  'destination-not-allowed': 'Calls to this number are not allowed',
  'token-destination-not-covered': 'Calls to this number are not allowed from this page',
  'no-route': 'This number cannot be reached',
  'trunk-full': 'All lines are busy; please try again in a moment',
  'no-capacity': 'All lines are busy; please try again in a moment',
  'worker-no-capacity': 'All lines are busy; please try again in a moment',
  'no-common-codec': 'The two phones do not understand each other',
  'max-duration': 'The longest time for a call is over',
  'media-timeout': 'The connection was lost',
  'media-encryption-failed': 'The sound could not be secured; please try again',
  'session-expired': 'The connection was lost',
  'peer-lost': 'The connection was lost',
  'worker-lost': 'The connection was lost',
  'destination-premium': 'Calls to this number are not allowed',
  'destination-international': 'Calls to this country are not allowed',
  'outside-hours': 'Calls are not allowed at this time',
  'caller-id-not-allowed': 'This caller id may not be used',
  'rate-limited': 'Too many calls; please wait a moment',
  'limit': 'Too many calls for now; please try again later',
  'signed-out': 'Please sign in again',
  'session-unavailable': 'Calling is not available right now',
  'worker-unavailable': 'Calling is not available right now',
  'call-state-wrong': 'That cannot be done now',
  'too-many-calls': 'Too many calls for now; please try again later',
  'page-refused': 'This page may not make calls',
  'call-refused': 'This call is not allowed',
  'user-unknown': 'You have no telephone here',
  'browser-calls-off': 'Calls from the browser are switched off',
  'network': 'No connection to the telephone service',
  'microphone-denied': 'The microphone is blocked; allow it for this page and try again',
  'microphone-missing': 'No microphone was found',
  'not-supported': 'This browser cannot make calls',
};

/** Reasons that are one to whoever waits, the first that fits; their own words come before. */
const alike: readonly (readonly [RegExp, string])[] = [
  [/-rate-limited$/, 'rate-limited'],
  [/-limit$/, 'limit'],
  [/^(token-(wrong-origin|needs-websocket|restricted|user-differs|domain-differs)|(origin|domain|address)-not-allowed|scope-missing)$/, 'page-refused'],
  [/^(token|credentials)-/, 'signed-out'],
  [/^hook-(refused|identity-unknown)$/, 'call-refused'],
  [/^((hook|worker|storage|queue|internal)-|too-many-(browsers|at-once)$|call-being-placed$)/, 'session-unavailable'],
];

/** By what the service itself ends talks. Any other text may be the far end's own, which is not for it to say here. */
const endings = new Set(['max-duration', 'media-timeout', 'media-encryption-failed', 'session-expired', 'peer-lost', 'worker-lost']);

/** The reason by which a talk ended, where it was not a person's hanging up; that needs no words. */
export const endReason = (reason: string | null | undefined): string | undefined => (reason && endings.has(reason) ? reason : undefined);

// A reason may have come over the wire, and be the name of something that every object has.
const find = (among: Words, key: string): string | undefined => (Object.hasOwn(among, key) ? among[key] : undefined);

/** One line about a status. */
export function say(status: Status, own: Words = {}): string {
  const exact = (key: string): string | undefined => find(own, key) ?? find(words, key);
  const word = (key: string): string | undefined => exact(key) ?? exact(alike.find(([reasons]) => reasons.test(key))?.[1] ?? '');
  if (status.phase === 'failed' || status.phase === 'ended') return word(status.reason ?? '') ?? word(status.phase)!;
  if (status.reconnecting) return word('reconnecting')!;
  if (status.phase === 'connected' && (status.held || status.muted)) return word(status.held ? 'held' : 'muted')!;
  return word(status.phase)!;
}

/** 0:07, 12:34, 1:02:03. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** The same for a screen reader: "2 minutes 3 seconds". */
export function spokenDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const part = (n: number, name: string): string => (n === 0 ? '' : `${n} ${name}${n === 1 ? '' : 's'}`);
  const parts = [part(Math.floor(seconds / 3600), 'hour'), part(Math.floor(seconds / 60) % 60, 'minute'), part(seconds % 60, 'second')];
  return parts.filter((p) => p !== '').join(' ') || '0 seconds';
}
