using System.Net;
using System.Runtime.InteropServices;

namespace ClickToDial.Core.Access;

/// <summary>
/// Slows down whoever guesses passwords: after so many failures in a window nothing is looked at until the window is over. Counted in
/// memory, for each instance, by the network that they come from: for each name, real or invented, and for all names together. So a network
/// fills no more than its own window, and answers do not tell which names there are.
/// </summary>
public sealed class FailureLimiter(TimeProvider time)
{
    /// <summary>Failures for one name.</summary>
    public const int MaxFailures = 10;

    /// <summary>Failures for all names of one network; as many names are kept at most.</summary>
    public const int MaxOfNetwork = 100;

    /// <summary>Networks that are kept.</summary>
    public const int MaxNetworks = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Failures> _networks = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <param name="from">Where the try comes from; all that cannot be told are one network.</param>
    /// <param name="name">Whose password is tried.</param>
    /// <returns>How long until the next try is looked at; null for now.</returns>
    public TimeSpan? WaitOf(IPAddress? from, string name)
    {
        lock (_lock)
        {
            if (!_networks.TryGetValue(NetworkOf(from), out var failures)) return null;
            if (failures.All < MaxOfNetwork && failures.Names.GetValueOrDefault(KeyOf(name)) < MaxFailures) return null;
            var left = failures.Since + Window - time.GetUtcNow();
            return left > TimeSpan.Zero ? left : null;
        }
    }

    public void Failed(IPAddress? from, string name)
    {
        var (network, now) = (NetworkOf(from), time.GetUtcNow());
        lock (_lock)
        {
            if (!_networks.TryGetValue(network, out var failures) || failures.Since + Window <= now)
            {
                if (failures is null && _networks.Count >= MaxNetworks) Forget(now);
                _networks[network] = failures = new Failures(now);
            }
            if (failures.All >= MaxOfNetwork) return;
            failures.All++;
            CollectionsMarshal.GetValueRefOrAddDefault(failures.Names, KeyOf(name), out _)++;
        }
    }

    /// <summary>What is over; else the oldest: somebody with that many networks is not stopped by this, and must not stop the others.</summary>
    private void Forget(DateTimeOffset now)
    {
        foreach (var (network, failures) in _networks)
            if (failures.Since + Window <= now) _networks.Remove(network);
        if (_networks.Count >= MaxNetworks) _networks.Remove(_networks.MinBy(n => n.Value.Since).Key);
    }

    private static string NetworkOf(IPAddress? from) => from is null ? "" : ClientAddress.NetworkOf(from);

    // Names are as long as callers like; other runs have other hashes, so nobody finds two names of one.
    private static int KeyOf(string name) => name.GetHashCode(StringComparison.Ordinal);

    private sealed class Failures(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;

        public int All { get; set; }

        public Dictionary<int, int> Names { get; } = [];
    }
}
