using System.Net;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>What becomes of one more request from an address.</summary>
internal enum RateVerdict
{
    Pass,

    /// <summary>Too many in this second; it is told so.</summary>
    Refuse,

    /// <summary>So many that telling each would be a load of its own.</summary>
    Drop,
}

/// <summary>
/// New requests outside of dialogs by <see cref="SourceNetwork"/> and second, counted before anything is looked up, computed or kept for them. As
/// many as may pass are refused; what comes beyond is dropped. Used on the stack loop.
/// </summary>
internal sealed class RequestRate(int mostPerSecond, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Dictionary<IPAddress, int> _sources = [];
    private long _since = time.GetTimestamp();

    public RateVerdict Count(SipFlow flow)
    {
        if (time.GetElapsedTime(_since) >= Window)
        {
            _sources.Clear();
            _since = time.GetTimestamp();
        }
        var source = SourceNetwork.Of(flow.Remote.Address);
        var count = _sources[source] = _sources.GetValueOrDefault(source) + 1;
        return count <= mostPerSecond ? RateVerdict.Pass : count - mostPerSecond <= mostPerSecond ? RateVerdict.Refuse : RateVerdict.Drop;
    }
}
