using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Endpoint;

/// <summary>What to do with a provisional response to our INVITE.</summary>
internal enum ProvisionalOrder
{
    /// <summary>Not sent reliably: taken as it comes.</summary>
    Plain,

    /// <summary>The next one: taken and acknowledged.</summary>
    Next,

    /// <summary>A repeat, or one whose predecessor is missing: neither.</summary>
    Ignored,
}

/// <summary>The order of reliable provisional responses, branch by branch (RFC 3262 section 4).</summary>
internal sealed class ReliableResponses
{
    private Dictionary<string, uint>? _last;

    public ProvisionalOrder Take(SipResponse response, out uint sequence)
    {
        sequence = 0;
        if (!response.Headers.HasToken(HeaderName.Require, "100rel")) return ProvisionalOrder.Plain;
        if (response.To.Tag is not { } tag || ReliableAck.ReadSequence(response.Headers) is not { } number) return ProvisionalOrder.Ignored;
        sequence = number;
        _last ??= [];
        if (_last.TryGetValue(tag, out var last) && number != last + 1) return ProvisionalOrder.Ignored;
        _last[tag] = number;
        return ProvisionalOrder.Next;
    }
}
