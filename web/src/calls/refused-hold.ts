import type { RTCSession } from 'jssip/lib/RTCSession.js';

interface Inner {
  _localHold: boolean;
  _onhold(by: 'local'): void;
  _onunhold(by: 'local'): void;
}

/** The SIP library ends a call whose hold is refused. Here it goes on as it was, as RFC 3261 section 14.1 has it. */
export function keepWhenRefused(call: RTCSession): void {
  const inner = call as unknown as Inner;
  const end = call.terminate.bind(call);
  call.terminate = (options) => {
    const what = options?.reason_phrase;
    if (what !== 'Hold Failed' && what !== 'Unhold Failed') return end(options);
    call.connection.setLocalDescription({ type: 'rollback' }).then(
      () => {
        inner._localHold = what === 'Unhold Failed';
        if (inner._localHold) inner._onhold('local');
        else inner._onunhold('local');
      },
      () => end(options),
    );
  };
}
