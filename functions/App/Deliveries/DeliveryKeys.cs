using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Deliveries;

/// <summary>
/// Rows of table WebhookDeliveries, whose partition is one subscription's: <c>d|</c> a delivery, newest first; <c>l|</c> a lane with what is
/// pending in it; <c>x|</c> a dead one; <c>s</c> the breaker.
/// </summary>
internal static class DeliveryKeys
{
    public const string Delivery = "d|";
    public const string Lane = "l|";
    public const string Dead = "x|";
    public const string Breaker = "s";
    private const string LastPlace = "999999";

    public static string Partition(string domain, string subscription) => $"{domain}|{subscription}";

    public static string Id(AcceptedEvent e)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(e.Id)))[..32];
        return $"{Inverted(e.Call?.Time ?? e.Item!.At)}-{hash}";
    }

    public static bool IsId(string text) => text.Length == 52 && text.All(c => char.IsAsciiHexDigitLower(c) || c == '-');

    public static string LaneOf(AcceptedEvent e) => (e.Call is null ? "i" : "c") + PbxIds.Key(e.OrderKey);

    /// <summary>By sequence; the end that the sweep made up, which has no place in it, comes after all. Items by their time.</summary>
    public static string PlaceOf(AcceptedEvent e) =>
        e.Call is not { } step ? $"{e.Item!.At.UtcTicks:D19}-{PbxIds.Key(e.Id)[..8]}"
        : CallClosing.IsClosing(step) ? LastPlace : step.Sequence.ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>Sorts before what is older, and after what is newer or as old.</summary>
    public static string Before(DateTimeOffset time) => Inverted(time) + "~";

    private static string Inverted(DateTimeOffset time) => (DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks).ToString("D19", CultureInfo.InvariantCulture);
}
