import type { BrowserCalls } from '../line.js';
import { CallError } from './status.js';

export const browserCalls: BrowserCalls = { place: () => Promise.reject(new CallError('not-supported')) };
