using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Bridging;

/// <summary>Who is on the line first, and who is rung last.</summary>
public enum CallCourse
{
    /// <summary>The user, then the destination.</summary>
    UserToDestination,

    /// <summary>Somebody outside, then the user.</summary>
    CallerToUser,

    /// <summary>Somebody outside, then a number that the call is sent on to.</summary>
    CallerSentOn,
}

/// <summary>What an ended call is said to have ended by.</summary>
public static class CallEndings
{
    /// <param name="phase">Where the call was.</param>
    /// <param name="input">What ended it.</param>
    /// <param name="sipStatus">The final response that decided it; 0 when the peer could not be reached; null when no response did.</param>
    /// <param name="course">Who stands on the two sides.</param>
    public static CallOutcome Of(CallPhase phase, CallInput input, int? sipStatus, CallCourse course) => (input, course) switch
    {
        (CallInput.DestinationFailed, CallCourse.CallerToUser) => OfUser(sipStatus ?? 0),
        (CallInput.DestinationRingTimeout, CallCourse.CallerToUser) => new(CallResult.NoAnswer, CallReasons.UserNoAnswer),
        (CallInput.DestinationHungUp, CallCourse.CallerToUser) => new(HungUp(phase), CallReasons.UserHungUp),
        (CallInput.UserHungUp, CallCourse.CallerToUser or CallCourse.CallerSentOn) => new(HungUp(phase), CallReasons.CallerHungUp),
        _ => Of(phase, input, sipStatus),
    };

    public static CallOutcome Of(CallPhase phase, CallInput input, int? sipStatus) => input switch
    {
        CallInput.UserFailed => OfUser(sipStatus ?? 0),
        CallInput.UserRingTimeout => new(CallResult.NoAnswer, CallReasons.UserNoAnswer),
        CallInput.PromptTimeout => new(CallResult.NoAnswer, CallReasons.PromptNotConfirmed),
        CallInput.DestinationFailed => OfDestination(sipStatus ?? 0),
        CallInput.DestinationRingTimeout => new(CallResult.NoAnswer, CallReasons.DestinationNoAnswer),
        CallInput.AlignFailed => new(CallResult.Failed, CallReasons.NoCommonCodec, sipStatus),
        CallInput.UserHungUp => new(HungUp(phase), CallReasons.UserHungUp),
        CallInput.DestinationHungUp => new(HungUp(phase), CallReasons.DestinationHungUp),
        CallInput.ApiHangUp => new(HungUp(phase), CallReasons.HungUpByApi),
        CallInput.MaxDuration => new(CallResult.Answered, CallReasons.MaxDuration),
        CallInput.MediaTimeout => new(CallResult.Answered, CallReasons.MediaTimeout),
        CallInput.Shutdown => new(Broken(phase), CallReasons.WorkerShutdown),
        _ => new(Broken(phase), CallReasons.InternalError),
    };

    /// <summary>A final response of a device of the user, or 0 for none at all.</summary>
    public static CallOutcome OfUser(int status) => status switch
    {
        486 or 600 => new(CallResult.Busy, CallReasons.UserBusy, status),
        403 or 603 or 607 or 608 => new(CallResult.Refused, CallReasons.UserRefused, status),
        408 or 480 or 487 => new(CallResult.NoAnswer, CallReasons.UserNoAnswer, status),
        415 or 488 or 606 => new(CallResult.Failed, CallReasons.NoCommonCodec, status),
        // The device is registered and yet cannot be rung: for the user it is as if it were not.
        _ => new(CallResult.Failed, CallReasons.UserNotRegistered, Said(status)),
    };

    /// <summary>A final response of the destination, or 0 for none at all.</summary>
    public static CallOutcome OfDestination(int status) => status switch
    {
        486 or 600 => new(CallResult.Busy, CallReasons.DestinationBusy, status),
        403 or 433 or 603 or 607 or 608 => new(CallResult.Refused, CallReasons.DestinationRefused, status),
        404 or 410 or 484 or 485 or 604 => new(CallResult.Failed, CallReasons.DestinationNotFound, status),
        408 or 480 or 487 => new(CallResult.NoAnswer, CallReasons.DestinationNoAnswer, status),
        415 or 488 or 606 => new(CallResult.Failed, CallReasons.NoCommonCodec, status),
        // Nobody was asked: a redirection, a trunk that wants an account, a request the peer does not understand, its own trouble.
        _ => new(CallResult.Failed, CallReasons.DestinationUnreachable, Said(status)),
    };

    private static int? Said(int status) => status == 0 ? null : status;

    private static CallResult HungUp(CallPhase phase) => phase == CallPhase.Talking ? CallResult.Answered : CallResult.Cancelled;

    private static CallResult Broken(CallPhase phase) => phase == CallPhase.Talking ? CallResult.Answered : CallResult.Failed;
}
