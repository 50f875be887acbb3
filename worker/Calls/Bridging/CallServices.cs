using ClickToDial.Calls.Control;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Events;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Recording;
using ClickToDial.Calls.Sounds;
using ClickToDial.Calls.Trunks;
using ClickToDial.Media.Plane;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Bridging;

/// <summary>What every call works with; one for all of them.</summary>
internal sealed record CallServices(
    CallOptions Options,
    EventSpool Spool,
    IDirectory Directory,
    ILegFactory Legs,
    TrunkLoad TrunkLoad,
    ITrunkStates TrunkStates,
    MediaPlane Media,
    CallClock Clock,
    CallSounds Sounds,
    SrtpPolicy Srtp,
    TimeProvider Time,
    Random Random,
    ILogger Logger,
    ICallRecorder Recorder,
    CallFeed Feed,
    CallMetrics Metrics,
    ICallHooks Hooks)
{
    /// <summary>What counts as dialled by a user, whichever call it is part of.</summary>
    public DialledCalls Dialled { get; } = new();
}
