using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Fuzz.Targets;

/// <summary>A Replaces that is read writes a text that reads as the same.</summary>
public sealed class SipReplacesTarget : IFuzzTarget
{
    public string Name => "sip-replaces";

    public IEnumerable<string> Seeds => ["425928@bobster.example.org;to-tag=7743;from-tag=6472", "a ; from-tag=\"b\" ; to-tag=c;early-only;x=y"];

    public IEnumerable<string> Words => [.. SipWords.All, ";to-tag=", ";from-tag=", ";early-only"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.ContainsAny("\r\n"u8)) return; // A line never has them by the time it gets here.
        if (!Replaces.TryParse(input, out var replaces)) return;
        var text = replaces!.ToString();
        Promise.That(WireText.IsSafe(text), "a Replaces fits a line");
        Promise.That(Replaces.TryParse(text, out var again), "a Replaces that was written can be read");
        Promise.That(again == replaces, "it is the same Replaces");
    }
}

/// <summary>What a stranger refers us to can be called and holds nothing that could get into our own requests.</summary>
public sealed class SipReferTargetTarget : IFuzzTarget
{
    public string Name => "sip-refer-to";

    public IEnumerable<string> Seeds =>
    [
        "<sip:+4930123456@example.com;method=INVITE>",
        "sip:102@example.com",
        "\"Carol\" <sips:c@[::1]:5061?Replaces=12345%40192.0.2.1%3Bto-tag%3D12345%3Bfrom-tag%3D5FFE-3994&Subject=x>",
        "<tel:+49-30-1234>",
    ];

    public IEnumerable<string> Words => [.. SipWords.All, "?Replaces=", "%3Bto-tag%3D", "%3Bfrom-tag%3D", "%0D%0A", "%00"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.ContainsAny("\r\n"u8)) return;
        if (!ReferTarget.TryParse(input, out var target)) return;
        Promise.That(target!.Uri.IsSip || target.Uri.IsTel, "it can be called");
        Promise.That(target.Uri.Headers is null && !target.Uri.Parameters.Has("method"), "it fits a request line");
        Promise.That(WireText.IsSafe(target.Uri.ToString()), "it fits a line");
        if (target.Replaces is { } replaces) Promise.That(WireText.IsSafe(replaces.ToString()), "so does what it replaces");
    }
}

/// <summary>A fragment's status is one.</summary>
public sealed class SipFragmentTarget : IFuzzTarget
{
    public string Name => "sip-fragment";

    public IEnumerable<string> Seeds => ["SIP/2.0 100 Trying\r\n", "SIP/2.0 603 Decline", "SIP/2.0 200\r\nTo: x\r\n"];

    public IEnumerable<string> Words => SipWords.All;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!SipFragment.TryReadStatus(input, out var status)) return;
        Promise.That(status is >= 100 and <= 699, "it is a status");
        Promise.That(SipFragment.TryReadStatus(SipFragment.Write(status), out var again) && again == status, "one that is written can be read");
    }
}
