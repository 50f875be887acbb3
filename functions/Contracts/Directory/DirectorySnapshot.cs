using System.Text.Json.Serialization;

namespace ClickToDial.Contracts.Directory;

/// <summary>
/// What the worker needs to know of domains, users, devices and trunks: the answer of <c>GET /internal/directory</c>,
/// with an ETag. It travels only between functions and worker, is never written to disk by the worker, and is never logged.
/// </summary>
public sealed record DirectorySnapshot(IReadOnlyList<DomainEntry> Domains, IReadOnlyList<TrunkEntry> Trunks);

/// <param name="Name">SIP domain and digest realm, lower case.</param>
/// <param name="Policy">What the domain's devices may dial by themselves; null where nothing was said.</param>
/// <param name="Sounds">What its calls hear of us; null for the worker's own.</param>
/// <param name="Hooks">Who else is asked what its browsers may do; null for nobody.</param>
public sealed record DomainEntry(
    string Name, IReadOnlyList<UserEntry> Users, DomainPolicy? Policy = null, DomainSounds? Sounds = null, DomainHooks? Hooks = null);

/// <summary>Which of the sounds that the worker has are played in the calls of a domain. A name it does not have counts as null.</summary>
/// <param name="HoldMusic">Name of the sound for who is on hold; null for <c>hold</c>.</param>
/// <param name="Language">Folder of the sounds to look in first, such as <c>de</c> or <c>pt-BR</c>; null for the worker's own.</param>
public sealed record DomainSounds(string? HoldMusic = null, string? Language = null);

/// <summary>
/// Bounds of calls that a device dials. Of the prefixes that match a number the longest decides, deny at equal length; without
/// a match it is not allowed. Users of the domain and test numbers are always allowed.
/// </summary>
/// <param name="Allow">Number prefixes with "+".</param>
/// <param name="Deny">Number prefixes with "+".</param>
/// <param name="MaxConcurrentCallsPerUser">Calls that one user's devices may have dialled at once; null for the worker's own limit.</param>
/// <param name="MaxCallSeconds">Longest talk; null for the worker's own limit.</param>
/// <param name="RecordCalls">All calls are recorded, from the moment both ends talk.</param>
public sealed record DomainPolicy(
    IReadOnlyList<string> Allow, IReadOnlyList<string> Deny, int? MaxConcurrentCallsPerUser = null, int? MaxCallSeconds = null, bool RecordCalls = false);

/// <param name="Name">User name within the domain (an extension such as 101, or a word).</param>
/// <param name="CallerId">E.164 number shown to destinations outside the domain, or null.</param>
/// <param name="Numbers">E.164 numbers at which calls from trunks reach the user.</param>
/// <param name="RecordCalls">Whether all calls of the user are recorded; null for what the domain says.</param>
/// <param name="ForwardTo">E.164 number that calls from trunks are sent on to while no device of the user is registered, or null.</param>
public sealed record UserEntry(
    string Name,
    // Required on reading, so written even when null.
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? DisplayName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? CallerId,
    IReadOnlyList<DeviceEntry> Devices,
    IReadOnlyList<string>? Numbers = null,
    string? ForwardTo = null,
    bool? RecordCalls = null);

/// <summary>
/// A SIP account of a user. Digest hashes H(username:realm:password) in lower-case hex (RFC 7616 section 3.4.2): as good as
/// the password towards this realm, so treated like one.
/// </summary>
/// <param name="Srtp">Null for the worker's own default.</param>
public sealed record DeviceEntry(string UserName, string Ha1Md5, string Ha1Sha256, MediaProtection? Srtp = null);

/// <param name="Prefixes">Number prefixes in E.164 with "+"; the longest match over all trunks wins; "+" takes the rest.</param>
/// <param name="Address">SIP URI of the peer, such as <c>sip:sbc.example.net:5060;transport=tcp</c>.</param>
/// <param name="CallerId">Shown to the far end where neither the call nor the user says another, or null.</param>
/// <param name="Domains">Domains that may use the trunk, and whose numbers it may reach; empty for all.</param>
/// <param name="Settings">Everything else; null where the defaults will do.</param>
/// <param name="Srtp">Null for the worker's own default.</param>
public sealed record TrunkEntry(
    string Name,
    IReadOnlyList<string> Prefixes,
    string Address,
    string? UserName = null,
    string? Password = null,
    string? CallerId = null,
    IReadOnlyList<string>? Domains = null,
    TrunkSettings? Settings = null,
    MediaProtection? Srtp = null);
