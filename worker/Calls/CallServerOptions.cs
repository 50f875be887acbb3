using ClickToDial.Calls.Bridging;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Events;
using ClickToDial.Calls.Hooks;
using ClickToDial.Calls.Legs;
using ClickToDial.Calls.Recording;
using ClickToDial.Calls.Registrar;
using ClickToDial.Calls.RemoteControl;
using ClickToDial.Calls.Secrets;
using ClickToDial.Calls.Sounds;
using ClickToDial.Calls.Trunks;
using ClickToDial.Media.Plane;
using ClickToDial.Sip.Authentication;
using ClickToDial.Sip.Endpoint;

namespace ClickToDial.Calls;

/// <summary>Everything a worker is made of.</summary>
public sealed record CallServerOptions(
    CallOptions Calls, EventOptions Events, DirectoryOptions Directory, SipEndpointOptions Sip, MediaOptions Media)
{
    /// <summary>Where registrations are kept over a restart.</summary>
    public required string BindingFile { get; init; }

    /// <summary>What events are posted with.</summary>
    public required LiveSecret PbxToken { get; init; }

    /// <summary>What requests to the functions' hooks are signed with, in place of the one of <see cref="Hooks"/>, where that may be replaced.</summary>
    public LiveSecret? HookSecret { get; init; }

    public RegistrarOptions Registrar { get; init; } = new();

    public SignallingOptions Signalling { get; init; } = new();

    public TrunkOptions Trunks { get; init; } = new();

    /// <summary>Who says where calls from outside go; null for the directory.</summary>
    public IIncomingRouting? IncomingRouting { get; init; }

    /// <summary>Where calls are recorded to; null where they are not. Its folder must be given.</summary>
    public RecordingSettings? Recording { get; init; }

    /// <summary>What calls play besides the worker's own sounds.</summary>
    public SoundOptions Sounds { get; init; } = new();

    /// <summary>Whose media is protected, and over what signalling.</summary>
    public SrtpOptions Srtp { get; init; } = new();

    /// <summary>Calls from browsers; off without an issuer of tokens.</summary>
    public BrowserOptions Browser { get; init; } = new();

    /// <summary>Who decides what browsers may do, made of what checks tokens; null for the hooks.</summary>
    public Func<IBrowserHooks, IBrowserHooks>? BrowserHooks { get; init; }

    /// <summary>How those are asked who decide what browsers may do: the functions, and back ends of domains.</summary>
    public HookOptions Hooks { get; init; } = new();

    /// <summary>Pages that control their users' phones.</summary>
    public RemoteControlOptions RemoteControl { get; init; } = new();

    /// <summary>Shown to the other workers, and taken from them; null where this one is alone.</summary>
    public LiveSecret? ControlToken { get; init; }

    /// <summary>How devices prove who they are.</summary>
    public DigestOptions Digest { get; init; } = new();
}
