using System.Security.Cryptography;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Srtp;
using ClickToDial.Sip.Transport;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Legs;

/// <summary>Says, for one peer on one transport, whether media may or must be protected.</summary>
internal sealed class SrtpPolicy(SrtpOptions options, ILogger logger)
{
    // The library tests itself when it is loaded, which takes longer than any other part of a start.
    private readonly Lazy<SrtpProfile[]> _profiles = new(() => [.. SrtpProfiles.Preferred.Where(SrtpLibrary.Supports)]);

    /// <summary>Loads the library, so that no call waits for it.</summary>
    public void Load() => _ = _profiles.Value;

    /// <summary>Fresh keys for one leg.</summary>
    public SdesKeying CreateKeying() => new(_profiles.Value, RandomNumberGenerator.Fill);

    /// <summary>Whether the peer is to be offered keys wherever they may be sent.</summary>
    public bool WantsKeys(MediaProtection? wanted) => (Of(wanted) ?? options.Default) != SrtpUse.None;

    /// <summary>What we offer the peer.</summary>
    /// <returns>Null when the directory demands what this transport does not allow: then the peer cannot be called.</returns>
    public SrtpUse? ForOffer(MediaProtection? wanted, SipTransportKind? transport)
    {
        var use = Of(wanted) ?? options.Default;
        if (use == SrtpUse.None || Allow(transport)) return use;
        if (use == SrtpUse.Optional) return SrtpUse.None;
        LegLog.ProtectionImpossible(logger);
        return null;
    }

    /// <summary>What we take of an offer of the peer's; null as above.</summary>
    public SrtpUse? ForAnswer(MediaProtection? wanted, SipTransportKind transport) => ForOffer(wanted ?? MediaProtection.Optional, transport);

    /// <summary>Whether keys may be sent by the transport at all.</summary>
    public bool MayCarryKeys(SipTransportKind? transport) => _profiles.Value.Length > 0
        && (transport is SipTransportKind.Tls or SipTransportKind.Wss || options.ClearSignalling != ClearKeys.Refuse);

    private bool Allow(SipTransportKind? transport)
    {
        if (!MayCarryKeys(transport)) return false;
        if (transport is not (SipTransportKind.Tls or SipTransportKind.Wss) && options.ClearSignalling != ClearKeys.Allow) LegLog.KeysInClear(logger);
        return true;
    }

    private static SrtpUse? Of(MediaProtection? wanted) => wanted switch
    {
        MediaProtection.None => SrtpUse.None,
        MediaProtection.Optional => SrtpUse.Optional,
        MediaProtection.Required => SrtpUse.Required,
        _ => null,
    };
}

internal static partial class LegLog
{
    [LoggerMessage(5401, LogLevel.Warning, "SRTP keys travel in clear signalling, as Srtp:ClearSignalling allows")]
    public static partial void KeysInClear(ILogger logger);

    [LoggerMessage(5402, LogLevel.Warning, "A peer for which SRTP is required cannot be called: its signalling is not encrypted, or libsrtp2 is missing")]
    public static partial void ProtectionImpossible(ILogger logger);
}
