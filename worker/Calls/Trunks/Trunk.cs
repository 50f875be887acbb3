using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Directory;
using ClickToDial.Media.Sdp;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;

namespace ClickToDial.Calls.Trunks;

/// <summary>One server of a trunk.</summary>
/// <param name="Address">As the directory has it; what its state is known by.</param>
public sealed record TrunkTarget(string Address, SipUri Uri, int Priority, int Weight);

/// <summary>A trunk of the directory, laid out for use. Immutable.</summary>
public sealed class Trunk
{
    private const int MaxServers = 16;

    private readonly IReadOnlyList<AddressRange> _sources;
    private readonly IReadOnlyList<AddressRange> _addresses;

    public Trunk(TrunkEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Entry = entry;
        Settings = entry.Settings ?? new TrunkSettings();
        IReadOnlyList<TrunkServer> servers = Settings.Servers is { Count: > 0 } named ? named : [new TrunkServer(entry.Address)];
        Servers = [.. servers.Take(MaxServers).Select(Target).OfType<TrunkTarget>()];
        AddressHost = SipUri.TryParse(entry.Address, out var own) && own.IsSip ? own.Host : Servers is [var first, ..] ? first.Uri.Host : "";
        Fingerprint = JsonSerializer.Serialize(entry, ContractsJson.Default.TrunkEntry);
        Codecs = CodecsOf(Settings);
        Inbound = new NumberRules(Settings.InboundRules);
        Outbound = new NumberRules(Settings.OutboundRules);
        _addresses = [.. Servers.Select(server => AddressOf(server.Uri)).OfType<AddressRange>()];
        _sources =
        [
            .. (Settings.Sources ?? []).Select(text => AddressRange.TryParse(text, out var range) ? range : (AddressRange?)null).OfType<AddressRange>(),
            .. _addresses.Select(server => server with { Port = null }),
        ];
    }

    public TrunkEntry Entry { get; }

    public string Name => Entry.Name;

    public TrunkSettings Settings { get; }

    /// <summary>Where its calls go; empty when no address of the entry makes sense.</summary>
    public IReadOnlyList<TrunkTarget> Servers { get; }

    /// <summary>What may be spoken over it, preferred first.</summary>
    public IReadOnlyList<AudioCodec> Codecs { get; }

    /// <summary>Host of the trunk's own address, whatever its servers are.</summary>
    public string AddressHost { get; }

    /// <summary>The same for two trunks that are the same in all there is to them, the password included. Never told to anybody.</summary>
    internal string Fingerprint { get; }

    public NumberRules Inbound { get; }

    public NumberRules Outbound { get; }

    public bool Serves(string domain) =>
        Entry.Domains is not { Count: > 0 } domains || domains.Contains(domain, StringComparer.OrdinalIgnoreCase);

    /// <summary>Who sends its calls has to prove one of <see cref="TrunkSettings.TlsNames"/>: addresses say nothing.</summary>
    public bool ProvesItself => Settings.TlsNames is { Count: > 0 };

    /// <summary>True when requests from there are its own, as far as addresses say. Servers that are known by name are not looked up here.</summary>
    public bool SendsFrom(System.Net.IPEndPoint remote)
    {
        if (ProvesItself) return false;
        foreach (var source in _sources)
            if (source.Contains(remote)) return true;
        return false;
    }

    /// <summary>True when the request left the very address and port that calls to the trunk go to.</summary>
    public bool SendsFromServer(System.Net.IPEndPoint remote)
    {
        if (ProvesItself) return false;
        foreach (var server in _addresses)
            if (server.Contains(remote)) return true;
        return false;
    }

    /// <summary>Which of these codecs it may use, in the trunk's order.</summary>
    public IReadOnlyList<AudioCodec> Of(IReadOnlyList<AudioCodec> codecs) =>
        Settings.Codecs is { Count: > 0 } ? CodecChoice.Common(Codecs, codecs) : CodecChoice.Common(codecs, Codecs);

    private static TrunkTarget? Target(TrunkServer server) =>
        SipUri.TryParse(server.Address, out var uri) && uri.IsSip
            ? new TrunkTarget(server.Address, uri, server.Priority, Math.Max(1, server.Weight))
            : null;

    private static AddressRange? AddressOf(SipUri uri) =>
        NextHop.TryFlow(uri, out var flow) ? AddressRange.Of(flow.Remote.Address, flow.Remote.Port) : null;

    // Key presses and comfort noise are no matter of taste, so a list of codecs says nothing of them.
    private static IReadOnlyList<AudioCodec> CodecsOf(TrunkSettings settings)
    {
        var speech = AudioCodec.All.Where(codec => codec.Kind == CodecKind.Speech);
        if (settings.Codecs is { Count: > 0 } names)
            speech = names.SelectMany(name => AudioCodec.All.Where(codec => codec.Kind == CodecKind.Speech && codec.Name.Equals(name, StringComparison.OrdinalIgnoreCase))).Distinct();
        var beside = AudioCodec.All.Where(codec =>
            codec.Kind == CodecKind.ComfortNoise || (codec.Kind == CodecKind.TelephoneEvent && settings.Dtmf == TrunkDtmf.Rfc4733));
        return [.. speech, .. beside];
    }
}
