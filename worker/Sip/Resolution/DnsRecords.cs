using System.Net;

namespace ClickToDial.Sip.Resolution;

/// <summary>The record types that are asked for or read.</summary>
internal enum DnsType : ushort
{
    A = 1,
    Cname = 5,
    Soa = 6,
    Aaaa = 28,
    Srv = 33,
    Naptr = 35,
}

/// <summary>One record. Names are lower case, without the dot at the end; the root is empty.</summary>
internal abstract record DnsRecord(string Name, DnsType Type, TimeSpan Life);

internal sealed record AddressRecord(string Name, DnsType Type, TimeSpan Life, IPAddress Address) : DnsRecord(Name, Type, Life);

internal sealed record AliasRecord(string Name, TimeSpan Life, string Target) : DnsRecord(Name, DnsType.Cname, Life);

/// <summary>RFC 2782. An empty target says that the service is decidedly not there.</summary>
internal sealed record SrvRecord(string Name, TimeSpan Life, int Priority, int Weight, int Port, string Target)
    : DnsRecord(Name, DnsType.Srv, Life);

/// <summary>RFC 3403, without the regular expression, which RFC 3263 has no use for.</summary>
internal sealed record NaptrRecord(string Name, TimeSpan Life, int Order, int Preference, string Flags, string Services, string Replacement)
    : DnsRecord(Name, DnsType.Naptr, Life);

/// <summary>An answer of a server. <paramref name="NegativeLife"/> tells how long "there is nothing" holds (RFC 2308).</summary>
internal sealed record DnsReply(
    ushort Id, int ResponseCode, bool IsTruncated, string Question, DnsType QuestionType, IReadOnlyList<DnsRecord> Answers, TimeSpan? NegativeLife)
{
    public const int NoSuchName = 3;

    /// <summary>True for an answer one may rely on: records, or the certainty that there are none.</summary>
    public bool IsConclusive => ResponseCode is 0 or NoSuchName;
}
