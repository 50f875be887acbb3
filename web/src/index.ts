import { ClickToCall } from './element/click-to-call.js';
import { wireAll } from './form/form.js';

export { ClickToCall, type CallChange } from './element/click-to-call.js';
export type { PageSettings } from './page.js';
export type { SessionAnswer, SessionSource } from './session/keeper.js';

if (!customElements.get('click-to-call')) customElements.define('click-to-call', ClickToCall);
if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', () => wireAll(document));
else wireAll(document);
