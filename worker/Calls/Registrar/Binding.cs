using System.Net;
using System.Text.Json.Serialization;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Registrar;

/// <summary>One contact of one device, and the way back to it.</summary>
/// <param name="Domain">Lower case.</param>
/// <param name="User">Whose device it is.</param>
/// <param name="Device">The account that registered it.</param>
/// <param name="Contact">The contact URI as the device said it; where requests to it are addressed.</param>
/// <param name="Transport">How the REGISTER came.</param>
/// <param name="Source">Where it came from, address and port as seen here: behind a NAT the only way back.</param>
/// <param name="CallId">Call-ID of the REGISTER; with <paramref name="Sequence"/> it tells late requests from new ones.</param>
/// <param name="Instance">The device's +sip.instance without its brackets (RFC 5626), or null.</param>
/// <param name="FlowId">Its reg-id: which of several ways to the same device this is (RFC 5626); null when it has but one.</param>
/// <param name="Path">Proxies that requests to the device have to visit, the next hop first (RFC 3327); null for none.</param>
public sealed record Binding(
    string Domain,
    string User,
    string Device,
    string Contact,
    SipTransportKind Transport,
    string Source,
    string CallId,
    long Sequence,
    DateTimeOffset ExpiresAt,
    string? Instance = null,
    int? FlowId = null,
    IReadOnlyList<string>? Path = null)
{
    private SipFlow? _flow;

    /// <summary>The fellow worker that has the flow; null for this one.</summary>
    [JsonIgnore]
    public string? Edge { get; init; }

    [JsonIgnore]
    public SipFlow Flow => _flow ??= new SipFlow(Transport, IPEndPoint.Parse(Source)) { Edge = Edge };
}
