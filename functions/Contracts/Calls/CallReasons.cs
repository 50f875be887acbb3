namespace ClickToDial.Contracts.Calls;

/// <summary>Reason slugs of ended calls. Stable: they appear in events, the call log, metrics and SIP Reason headers.</summary>
public static class CallReasons
{
    public const string UserHungUp = "user-hung-up";
    public const string DestinationHungUp = "destination-hung-up";

    /// <summary>Who called the user from outside hung up.</summary>
    public const string CallerHungUp = "caller-hung-up";
    public const string HungUpByApi = "hung-up-by-api";

    /// <summary>Of a leg: somebody took its place. Of a call: its other end went over into another call.</summary>
    public const string Transferred = "transferred";

    /// <summary>The user has no device registered.</summary>
    public const string UserNotRegistered = "user-not-registered";
    public const string UserNoAnswer = "user-no-answer";
    public const string UserBusy = "user-busy";
    public const string UserRefused = "user-refused";

    /// <summary>The user answered but did not press 1 in time.</summary>
    public const string PromptNotConfirmed = "prompt-not-confirmed";

    public const string DestinationNoAnswer = "destination-no-answer";
    public const string DestinationBusy = "destination-busy";
    public const string DestinationRefused = "destination-refused";
    public const string DestinationNotFound = "destination-not-found";
    public const string DestinationUnreachable = "destination-unreachable";

    /// <summary>No trunk's prefix matches the number, and it is no user of the domain.</summary>
    public const string NoRoute = "no-route";

    /// <summary>Every trunk for the number has as many calls as it may have.</summary>
    public const string TrunkFull = "trunk-full";

    /// <summary>The two ends share no codec.</summary>
    public const string NoCommonCodec = "no-common-codec";

    public const string MaxDuration = "max-duration";

    /// <summary>Neither packets nor signalling came from a leg for too long.</summary>
    public const string MediaTimeout = "media-timeout";

    /// <summary>The keys of a browser's sound could not be agreed on, or it showed another certificate than it had announced.</summary>
    public const string MediaEncryptionFailed = "media-encryption-failed";

    /// <summary>Nobody kept the session alive by signalling for as long as it was agreed to live (RFC 4028).</summary>
    public const string SessionExpired = "session-expired";

    /// <summary>A peer no longer knew the call, no longer answered, or said that its network had failed.</summary>
    public const string PeerLost = "peer-lost";

    /// <summary>No port, memory or call slot was left.</summary>
    public const string NoCapacity = "no-capacity";

    /// <summary>The worker was stopped while the call was up.</summary>
    public const string WorkerShutdown = "worker-shutdown";

    /// <summary>The worker died with the call up; said when it is back, or by the sweep when it is not.</summary>
    public const string WorkerLost = "worker-lost";

    /// <summary>The call was accepted by the API, but no worker ever took it on.</summary>
    public const string WorkerUnavailable = "worker-unavailable";
    public const string InternalError = "internal-error";
}
