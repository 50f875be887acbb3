using ClickToDial.Calls.RemoteControl;

namespace ClickToDial.Fuzz.Targets;

/// <summary>A frame of a page is read or refused, and nothing of it is longer than its limit.</summary>
public sealed class RemoteFrameTarget : IFuzzTarget
{
    public string Name => "remote-frame";

    public IEnumerable<string> Seeds =>
    [
        """{"action":"make-call","to":"102"}""",
        """{"action":"clear-call","id":"7","connected":"true"}""",
        """{"action":"rec-call","id":"a","startstop":"on"}""",
        """{"action":"att-transfer","id":"a","from":"x","id2":"b","to":"y"}""",
    ];

    public IEnumerable<string> Words => ["\"action\":", "\"id\":", "\"to\":", "get-calls", "hold-call", "session", "\\ud800", "{", "[", "1e9", "null"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var frame = RemoteFrameReader.TryRead(input.ToArray());
        var text = frame switch
        {
            RemoteFrame.MakeCall call => call.To,
            RemoteFrame.Clear clear => clear.Id,
            RemoteFrame.BlindTransfer transfer => transfer.Id + transfer.To,
            RemoteFrame.Unknown unknown => unknown.Action,
            _ => "",
        };
        Promise.That(text.Length <= 256, "texts are short");
        Promise.That(frame is not RemoteFrame.Unknown { Action: var action } || action.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), "an action may be told back");
    }
}
