namespace ClickToDial.Contracts.Control;

// Bodies of POST /control/calls/{callId}/... on the worker. A leg is named by its id, or by its role ("user", "destination",
// "caller") for whoever stands there now. A command id makes a repeat harmless: the same command again under it only answers.

/// <summary>Body of <c>answer</c>, <c>hold</c>, <c>resume</c>, <c>mute</c>, <c>unmute</c> and <c>announcement/stop</c>.</summary>
/// <param name="Leg">
/// Who is to answer; who holds, or resumes; who is not heard, or is again; who hears no announcement any more. Null for the user, and
/// for both sides with <c>announcement/stop</c>.
/// </param>
public sealed record LegCommand(string? Leg = null, string? CommandId = null);

/// <summary>Body of <c>transfer</c>: exactly one of <paramref name="To"/> and <paramref name="WithCall"/>.</summary>
/// <param name="To">Blind: E.164 number with "+", user name of the same domain, or test number.</param>
/// <param name="WithCall">
/// Attended: id of another call of this worker in the same domain. Whom the same user talks to there comes over into this call; the
/// other call ends.
/// </param>
/// <param name="Leg">Who gives its place away; null for the user.</param>
/// <param name="WithLeg">Who leaves the other call; null for the user.</param>
/// <param name="Drop">Blind: let the transferor go at once, not only when the target has answered.</param>
/// <param name="RingTimeoutSeconds">Blind: how long the target is rung, 5 to 180.</param>
public sealed record TransferCommand(
    string? To = null,
    string? WithCall = null,
    string? Leg = null,
    string? WithLeg = null,
    bool Drop = false,
    int RingTimeoutSeconds = 30,
    string? CommandId = null);

/// <summary>Body of <c>dtmf</c>.</summary>
/// <param name="Digits">1 to 64 of 0-9, *, #, A-D.</param>
/// <param name="Leg">Who gets them; null for the destination.</param>
/// <param name="DurationMilliseconds">How long each key is held, 40 to 5000.</param>
public sealed record DigitsCommand(string Digits, string? Leg = null, int DurationMilliseconds = 100, string? CommandId = null);

/// <summary>Body of <c>recording/start</c> and <c>recording/stop</c>.</summary>
public sealed record RecordingCommand(string? CommandId = null);

/// <summary>Body of <c>announcement/start</c>.</summary>
/// <param name="Name">Of a prompt that the worker has.</param>
/// <param name="Leg">Who hears it; null for both.</param>
/// <param name="Loop">Until it is stopped.</param>
public sealed record AnnouncementCommand(string Name, string? Leg = null, bool Loop = false, string? CommandId = null);
