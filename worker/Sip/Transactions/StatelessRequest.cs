using System.Security.Cryptography;
using System.Text;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Sip.Transactions;

/// <summary>
/// A request that nothing was kept of yet. A final response given now is sent once and forgotten: a repeat of the request is
/// answered anew, with the same To tag (RFC 3261 section 8.2.7), and strangers cost no memory (section 26.3.2.4).
/// </summary>
public sealed class StatelessRequest
{
    private readonly StatelessTags _tags;

    internal StatelessRequest(SipRequest request, SipFlow flow, StatelessTags tags)
    {
        Request = request;
        Flow = flow;
        _tags = tags;
    }

    public SipRequest Request { get; }

    /// <summary>Where the request came from.</summary>
    public SipFlow Flow { get; }

    /// <summary>A response with what must be copied from the request (section 8.2.6).</summary>
    public SipResponse CreateResponse(int status, string? reason = null) =>
        ResponseFactory.Create(Request, status, reason, _tags.For(Request));
}

/// <summary>To tags that follow from the request, and that nobody else can foresee.</summary>
internal sealed class StatelessTags(ITokenSource tokens)
{
    private readonly Lazy<byte[]> _key = new(() => Encoding.UTF8.GetBytes(tokens.Next() + tokens.Next()));

    public string For(SipRequest request)
    {
        var text = $"{request.CallId}\n{request.From.Tag}\n{request.CSeq}\n{request.TopVia.Branch}";
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key.Value, Encoding.UTF8.GetBytes(text), mac);
        return Convert.ToHexStringLower(mac[..12]);
    }
}
