using System.Net;
using ClickToDial.Sip.Transport;

namespace ClickToDial.Calls.Registrar;

/// <summary>What wrong passwords have shut.</summary>
internal enum LoginScope
{
    None,

    /// <summary>One account for one address.</summary>
    Pair,

    /// <summary>One account for every address that it was never used from.</summary>
    Account,

    /// <summary>Every account for one address, but those that were used from it.</summary>
    Source,
}

/// <summary>
/// Counts wrong passwords and shuts the door for a while when there are too many: then even the right one is refused, so that
/// guessing on is worth nothing. Counted are the pair of address and account, the account from everywhere, and the address over
/// all accounts. Who has proved an account from an address before is <see cref="IsKnown"/> there, and its right password always
/// passes: else a stranger could shut a phone out by guessing beside it. An IPv6 address counts by its first 64 bits, as its
/// owner has all the rest. Belongs to the stack's loop.
/// </summary>
internal sealed class LoginGuard(TimeProvider time)
{
    /// <summary>Wrong passwords of one pair in a row that cost nothing.</summary>
    public const int Free = 8;

    /// <summary>The same for one account from everywhere, and for one address over all accounts.</summary>
    public const int FreeAlone = 64;

    private const int MaxEntries = 10_000;
    private const int MaxKnown = 50_000;

    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private readonly FailureCounter<(IPAddress Source, string Account)> _pairs = new(time, Free, MaxEntries);
    private readonly FailureCounter<string> _accounts = new(time, FreeAlone, MaxEntries);
    private readonly FailureCounter<IPAddress> _sources = new(time, FreeAlone, MaxEntries);
    private readonly OrderedDictionary<(IPAddress Source, string Account), TimeSpan> _known = [];
    private readonly long _began = time.GetTimestamp();

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <summary>True while the account is shut for that address; a right password passes all the same where it is known.</summary>
    /// <param name="account">With its realm, as two domains may have the same names.</param>
    public bool IsShut(IPAddress source, string account) =>
        _pairs.IsShut((SourceNetwork.Of(source), account)) || _accounts.IsShut(account) || _sources.IsShut(SourceNetwork.Of(source));

    /// <summary>True when the account was proved from that address within a day.</summary>
    public bool IsKnown(IPAddress source, string account) =>
        _known.TryGetValue((SourceNetwork.Of(source), account), out var when) && Now - when < Remembered;

    /// <summary>One more wrong password. Returns what it has shut that was open until now.</summary>
    public LoginScope Failed(IPAddress source, string account)
    {
        var network = SourceNetwork.Of(source);
        var pair = _pairs.Failed((network, account));
        var alone = _accounts.Failed(account);
        if (_sources.Failed(network)) return LoginScope.Source;
        return alone ? LoginScope.Account : pair ? LoginScope.Pair : LoginScope.None;
    }

    /// <summary>The right password. It forgives the pair, but not what others did to the account or the address.</summary>
    public void Succeeded(IPAddress source, string account)
    {
        var key = (SourceNetwork.Of(source), account);
        _pairs.Forget(key);
        _known.Remove(key);
        if (_known.Count >= MaxKnown) _known.RemoveAt(0);
        _known.Add(key, Now);
    }
}
