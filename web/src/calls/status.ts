/** Where a call is, as a person would say it. */
export type Phase =
  | 'idle'
  /** It was asked for; nothing rings yet. */
  | 'starting'
  /** The user's own phones ring. */
  | 'ringing-you'
  /** The user has answered and is asked to press 1. */
  | 'confirming'
  /** The other side rings. */
  | 'ringing'
  | 'connected'
  | 'ended'
  | 'failed';

export interface Status {
  readonly phase: Phase;
  /** Milliseconds since the epoch when both ends began to talk. */
  readonly since?: number;
  readonly held?: boolean;
  readonly muted?: boolean;
  /** Stable slug; see words.ts for what people are told. */
  readonly reason?: string;
  readonly callId?: string;
  /** The connection is being restored; the call goes on. */
  readonly reconnecting?: boolean;
}

/** What a call under way can do. What is missing cannot be done with it. */
export interface Call {
  hangUp(): Promise<void>;
  hold?(on: boolean): Promise<void>;
  mute?(on: boolean): void;
  press?(key: string): void;
  /** The page lets go of the call: nobody listens any more. */
  leave(): void;
}

export type Tell = (status: Status) => void;

export const idle: Status = { phase: 'idle' };

/** Whether there is something to hang up. */
export const isUnderWay = (phase: Phase): boolean => phase !== 'idle' && phase !== 'ended' && phase !== 'failed';

/** A refusal with a stable reason. */
export class CallError extends Error {
  constructor(readonly reason: string, readonly retryAfterSeconds?: number) {
    super(reason);
  }
}

export const reasonOf = (error: unknown): string => (error instanceof CallError ? error.reason : 'unexpected');
