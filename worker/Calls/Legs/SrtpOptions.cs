using ClickToDial.Media.Srtp;

namespace ClickToDial.Calls.Legs;

/// <summary>What happens to keys that would travel in clear signalling, where whoever reads the SDP can listen (RFC 4568 section 8).</summary>
public enum ClearKeys
{
    /// <summary>Neither offered nor taken: a peer that insists on RTP/SAVP gets 488.</summary>
    Refuse,

    /// <summary>Offered and taken, with a warning in the log for each leg.</summary>
    Warn,

    /// <summary>Offered and taken.</summary>
    Allow,
}

/// <summary>Protected media, section "Srtp".</summary>
public sealed class SrtpOptions
{
    public const string Section = "Srtp";

    /// <summary>Keys over UDP, TCP and WS. Default Refuse: SRTP over TLS and WSS only.</summary>
    public ClearKeys ClearSignalling { get; set; } = ClearKeys.Refuse;

    /// <summary>How devices and trunks are rung for which the directory says nothing. Default None. What they offer themselves is taken anyway.</summary>
    public SrtpUse Default { get; set; } = SrtpUse.None;

    /// <summary>Every error at once, each naming its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(ClearSignalling)) yield return $"{Section}: ClearSignalling must be Refuse, Warn or Allow.";
        if (Default is not (SrtpUse.None or SrtpUse.Optional or SrtpUse.Required)) yield return $"{Section}: Default must be None, Optional or Required.";
        if (Default == SrtpUse.Required && SrtpLibrary.Problem is { } problem) yield return $"{Section}: Default cannot be Required: {problem}";
    }
}
