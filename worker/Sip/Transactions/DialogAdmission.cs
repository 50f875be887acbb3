using ClickToDial.Sip.Messages;

namespace ClickToDial.Sip.Transactions;

/// <summary>
/// Bounds what one dialog may ask: requests that are kept at a time, and new ones in a second. A call was let in once, which
/// is no leave to fill memory with it. Used on the stack loop.
/// </summary>
internal sealed class DialogAdmission(TimeProvider time)
{
    /// <summary>Requests kept at a time, most of them only to absorb repeats: with keys sent by INFO there are many.</summary>
    public const int MostOpen = 128;

    /// <summary>New requests in a second: on a stream nothing is kept of those that were answered.</summary>
    public const int MostPerSecond = 64;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string CallId, string Tag), int> _open = [];
    private readonly Dictionary<(string CallId, string Tag), int> _recent = [];
    private long _since = time.GetTimestamp();

    /// <summary>Names the dialog that a request counts for.</summary>
    public static (string CallId, string Tag) KeyOf(SipRequest request) => (request.CallId, request.To.Tag!);

    /// <summary>True when one more fits, which then counts until <see cref="Leave"/>.</summary>
    public bool TryEnter(SipRequest request)
    {
        var dialog = KeyOf(request);
        if (time.GetElapsedTime(_since) >= Window)
        {
            _recent.Clear();
            _since = time.GetTimestamp();
        }
        var recent = _recent[dialog] = _recent.GetValueOrDefault(dialog) + 1;
        var open = _open.GetValueOrDefault(dialog);
        // What ends the dialog ends the load as well.
        if (request.Method != SipMethod.Bye && (recent > MostPerSecond || open >= MostOpen)) return false;
        _open[dialog] = open + 1;
        return true;
    }

    public void Leave((string CallId, string Tag) dialog)
    {
        if (!_open.TryGetValue(dialog, out var open)) return;
        if (open > 1) _open[dialog] = open - 1;
        else _open.Remove(dialog);
    }
}
