using System.Net;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>
/// How many requests outside of dialogs may be open, in all and from one <see cref="SourceNetwork"/>: each is kept for half a minute, and anybody
/// can send them. Used on the stack loop.
/// </summary>
internal sealed class ServerAdmission(int most, int mostPerSource)
{
    private readonly Dictionary<IPAddress, int> _sources = [];
    private int _count;

    public int Count => _count;

    /// <summary>True when one more fits, which then counts until it is released.</summary>
    public bool TryEnter(SipFlow flow)
    {
        var source = SourceNetwork.Of(flow.Remote.Address);
        var open = _sources.GetValueOrDefault(source);
        if (_count >= most || open >= mostPerSource) return false;
        _sources[source] = open + 1;
        _count++;
        return true;
    }

    public void Leave(SipFlow flow)
    {
        var source = SourceNetwork.Of(flow.Remote.Address);
        if (!_sources.TryGetValue(source, out var open)) return;
        _count--;
        if (open > 1) _sources[source] = open - 1;
        else _sources.Remove(source);
    }
}
