namespace ClickToDial.Fuzz;

/// <summary>
/// Something that reads bytes of strangers. <see cref="Run"/> throws when the input breaks a promise: that is a finding. It
/// must not depend on anything but its input.
/// </summary>
public interface IFuzzTarget
{
    /// <summary>Name on the command line and of the folder in <c>Corpus</c>.</summary>
    string Name { get; }

    /// <summary>Small valid inputs to start from, besides the files of the corpus.</summary>
    IEnumerable<string> Seeds { get; }

    /// <summary>Words of the grammar, which mutations insert.</summary>
    IEnumerable<string> Words { get; }

    void Run(ReadOnlySpan<byte> input);
}

/// <summary>Everything that is fuzzed.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new Targets.SipDatagramTarget(),
        new Targets.SipStreamTarget(),
        new Targets.SipUriTarget(),
        new Targets.SipViaTarget(),
        new Targets.SipAddressTarget(),
        new Targets.SipAuthTarget(),
        new Targets.SipReplacesTarget(),
        new Targets.SipReferTargetTarget(),
        new Targets.SipFragmentTarget(),
        new Targets.SdpTarget(),
        new Targets.RtpTarget(),
        new Targets.RtcpTarget(),
        new Targets.SdesTarget(),
        new Targets.IceCheckTarget(),
        new Targets.DtlsTarget(),
        new Targets.DnsMessageTarget(),
        new Targets.NumberRulesTarget(),
        new Targets.CallerIdentityTarget(),
        new Targets.DiversionTarget(),
        new Targets.AddressRangeTarget(),
        new Targets.StunTarget(),
        new Targets.PbxBodyTarget(),
        new Targets.PbxQueryTarget(),
        new Targets.AddressTarget(),
        new Targets.WebhookHeaderTarget(),
        new Targets.WebhookUrlTarget(),
        new Targets.ExtraHeaderTarget(),
        new Targets.LinkQueryTarget(),
        new Targets.NumberTextTarget(),
        new Targets.HookAnswerTarget(),
        new Targets.RemoteFrameTarget(),
        new Targets.EdgeFrameTarget(),
        new Targets.EdgeNewsTarget(),
        new Targets.SharedPatternTarget(),
        new Targets.FetchRequestTarget(),
        new Targets.FetchHostTarget(),
        new Targets.CallWaitTarget(),
    ];
}
