/** Why a call over the gateway did not come about: what the gateway says, else what the response's status says. */
export function sipReason(status: number | undefined, reasonHeader: string | undefined, cause: string): string {
  const slug = /text="([a-z][a-z0-9-]{2,60})"/.exec(reasonHeader ?? '')?.[1];
  if (slug !== undefined) return slug;
  if (status !== undefined) return byStatus(status);
  return causes[cause] ?? 'unexpected';
}

// Causes that JsSIP finds by itself.
const causes: Readonly<Record<string, string>> = {
  'Connection Error': 'network',
  'Request Timeout': 'network',
  'No Answer': 'destination-no-answer',
  'User Denied Media Access': 'microphone-denied',
  'WebRTC Error': 'not-supported',
  'Bad Media Description': 'no-common-codec',
  'Incompatible SDP': 'no-common-codec',
  'RTP Timeout': 'media-timeout',
};

function byStatus(status: number): string {
  switch (status) {
    case 486:
    case 600:
      return 'destination-busy';
    case 403:
    case 433:
    case 603:
    case 607:
    case 608:
      return 'destination-refused';
    case 404:
    case 410:
    case 484:
    case 485:
    case 604:
      return 'destination-not-found';
    case 408:
    case 480:
    case 487:
      return 'destination-no-answer';
    case 401:
    case 407:
      return 'signed-out';
    case 415:
    case 488:
    case 606:
      return 'no-common-codec';
    case 503:
      return 'worker-unavailable';
    default:
      return 'destination-unreachable';
  }
}
