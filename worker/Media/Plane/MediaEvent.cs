using System.Net;
using ClickToDial.Media.Audio;

namespace ClickToDial.Media.Plane;

/// <summary>Something a leg's owner wants to know. Told in order per plane, on one task that is not a media thread.</summary>
public abstract record MediaEvent(MediaLeg Leg);

/// <summary>A key was pressed (RFC 4733); told once per press, when its first packet arrives.</summary>
public sealed record DigitPressed(MediaLeg Leg, char Digit) : MediaEvent(Leg);

/// <summary>A prompt that was not looped has been played to its end.</summary>
public sealed record PromptFinished(MediaLeg Leg, Prompt Prompt) : MediaEvent(Leg);

/// <summary>The first packet since the leg was (re)negotiated has come, from there.</summary>
public sealed record MediaStarted(MediaLeg Leg, IPEndPoint Source) : MediaEvent(Leg);

/// <summary>What ends the way to a browser.</summary>
public enum PathFault
{
    /// <summary>It has not said for half a minute that it still wants to be sent to (RFC 7675).</summary>
    Consent,

    /// <summary>The DTLS handshake failed, or did not come about though the browser is there.</summary>
    Handshake,

    /// <summary>It showed another certificate than the signalling named: somebody else may stand between.</summary>
    Fingerprint,
}

/// <summary>A browser can no longer be sent to, or never could; told once.</summary>
public sealed record PathLost(MediaLeg Leg, PathFault Fault) : MediaEvent(Leg);

/// <summary>Nothing has come for the time the leg was told to watch for; told once per silence.</summary>
public sealed record MediaSilent(MediaLeg Leg, TimeSpan Silence) : MediaEvent(Leg);
