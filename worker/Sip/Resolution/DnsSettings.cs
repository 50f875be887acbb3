using System.Net;

namespace ClickToDial.Sip.Resolution;

/// <summary>Which servers are asked, and how patiently.</summary>
public sealed record DnsSettings
{
    /// <summary>Servers in the order in which they are asked.</summary>
    public required IReadOnlyList<IPEndPoint> Servers { get; init; }

    /// <summary>One question to one server may take this long. Default 1 second.</summary>
    public TimeSpan Attempt { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the list of servers is gone through. Default 2.</summary>
    public int Rounds { get; init; } = 2;

    /// <summary>A whole resolution, with all the questions it takes. Default 5 seconds.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Answers kept; beyond it the cache starts anew. Default 4096.</summary>
    public int MaxCached { get; init; } = 4096;

    /// <summary>The servers of <c>/etc/resolv.conf</c>; none when it cannot be read.</summary>
    public static DnsSettings FromSystem(string file = "/etc/resolv.conf")
    {
        try
        {
            return new DnsSettings { Servers = Parse(File.ReadAllText(file)) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new DnsSettings { Servers = [] };
        }
    }

    /// <summary>Reads the <c>nameserver</c> lines, at most three as resolv.conf(5) has it; anything else is passed over.</summary>
    public static IReadOnlyList<IPEndPoint> Parse(string resolvConf)
    {
        ArgumentNullException.ThrowIfNull(resolvConf);
        List<IPEndPoint> servers = [];
        foreach (var line in resolvConf.Split('\n'))
        {
            var words = line.Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var address, ..] && servers.Count < 3 && IPAddress.TryParse(address, out var server))
                servers.Add(new IPEndPoint(server, 53));
        }
        return servers;
    }
}
