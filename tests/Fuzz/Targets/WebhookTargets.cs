using System.Globalization;
using System.Net;
using System.Text;
using ClickToDial.Core.Access;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Egress;

namespace ClickToDial.Fuzz.Targets;

/// <summary>URLs that subscribers give: what is taken is https, names no private address, and is the same when it is read again.</summary>
public sealed class WebhookUrlTarget : IFuzzTarget
{
    private static readonly EgressRules Rules = new(new AddressRanges([]));

    public string Name => "webhook-url";

    public IEnumerable<string> Seeds =>
    [
        "https://crm.example.com/hooks?key=a%20b", "https://[2606:4700::1111]:8443/x", "https://93.184.216.34/", "https://user@h.test/", "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/", "https://xn--bcher-kva.example/", "https://169.254.169.254/metadata",
    ];

    public IEnumerable<string> Words =>
        ["https://", "http://", "127.0.0.1", "[::1]", "[::ffff:", "[64:ff9b::7f00:1]", "0x7f.1", "2130706433", "0177.0.0.1", "localhost", "@", "#", "\\", "%2e", "%00", ":0", ":65536", "..", "fe80::1%25lo", "169.254.169.254"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!WebhookUrl.TryParse(text, Rules, allowPlainHttp: false, out var url)) return;
        Promise.That(url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0 && url.Fragment.Length == 0, "it is https, with neither a user nor a fragment");
        Promise.That(url.Port is > 0 and <= 65535 && url.Host.Length > 0, "it has a host and a port");
        // As what connects will see it, which may read the host as a number where the URL's reader sees a name.
        if (IPAddress.TryParse(url.IdnHost.TrimEnd('.').Trim('[', ']'), out var address)) Promise.That(Rules.Allows(address), "no address is private");
        Promise.That(WebhookUrl.TryParse(url.AbsoluteUri, Rules, allowPlainHttp: false, out var again) && again == url, "what was taken is taken again, and is the same");
    }
}

/// <summary>Extra headers that subscribers want: what is taken can be sent as one line, and is none of the message's own or ours.</summary>
public sealed class ExtraHeaderTarget : IFuzzTarget
{
    private static readonly string[] Closed = ["host", "content-length", "transfer-encoding", "connection", "webhook-id", "webhook-signature", "x-pbx-token", "proxy-authorization"];

    public string Name => "extra-header";

    public IEnumerable<string> Seeds => ["X-Tenant\nacme", "Authorization\nBearer abc", "Content-Type\ntext/html", "webhook-id\n1"];

    public IEnumerable<string> Words => ["\r\n", "\n", ": ", "Host", "Content-", "webhook-", "X-Pbx-Token", "Transfer-Encoding", "\t", "\u00e9", "\0", "\u2028", "\u017f"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var (name, value) = end < 0 ? (text, "x") : (text[..end], text[(end + 1)..]);
        if (!HeaderRules.IsAllowed(name, value)) return;
        Promise.That(!(name + value).Any(c => c is < ' ' or > '~'), "nothing ends the line");
        Promise.That(!Closed.Contains(name.ToLower(CultureInfo.InvariantCulture)), "it is none of the message's own or ours");
        using var request = new HttpRequestMessage();
        Promise.That(request.Headers.TryAddWithoutValidation(name, value), "it can be sent, and as no content header");
        Promise.That(request.Headers.NonValidated[name].ToString() == value, "it is sent as it was given");
    }
}
