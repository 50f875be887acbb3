import { PRELUDE } from './prelude.js';

/** @typedef {import('./engine.js').CappedEngine} Engine */

/**
 * A context that no script has been in, with the prelude read. Made before there is a script for it: that takes longer than most
 * scripts run. It serves one run.
 */
export class Stage {
  /** @param {Engine} engine */
  constructor(engine) {
    this.runtime = engine.quickJs.newRuntime();
    this.context = this.runtime.newContext();
    this.prelude = this.context.unwrapResult(this.context.evalCode(PRELUDE, 'host.js'));
  }

  /** Gives everything back; fails when a script's run has left something of it in use. */
  dispose() {
    this.prelude.dispose();
    this.context.dispose();
    this.runtime.dispose();
  }
}
