using ClickToDial.Sip.Resolution;

namespace ClickToDial.Fuzz.Targets;

/// <summary>An answer of a name server is read or refused, and what is read can be asked about.</summary>
public sealed class DnsMessageTarget : IFuzzTarget
{
    public string Name => "dns-message";

    public IEnumerable<string> Seeds => ["\0\u0001\u0001\0\0\u0001\0\0\0\0\0\0\u0004host\u0007example\0\0\u0001\0\u0001"];

    public IEnumerable<string> Words => ["\u0004host", "\u0003com\0", "\0\u0021", "\0\u0023", "\0\u0005", "\u0007SIP+D2U"];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (DnsMessage.Read(input) is not { } reply) return;
        Promise.That(reply.Answers.Count <= 128, "the number of records is bounded");
        Promise.That(reply.NegativeLife is not { } life || life >= TimeSpan.Zero, "no life is negative");
        Check(reply.Question);
        foreach (var record in reply.Answers)
        {
            Promise.That(record.Life >= TimeSpan.Zero && record.Life <= TimeSpan.FromDays(1), "a life is between nothing and a day");
            Check(record.Name);
            Check(record switch { AliasRecord a => a.Target, SrvRecord s => s.Target, NaptrRecord n => n.Replacement, _ => "" });
        }
    }

    private static void Check(string name)
    {
        Promise.That(name.Length <= 253, "a name fits the DNS");
        if (name.Length == 0) return;
        var question = DnsMessage.Question(7, name, DnsType.Srv);
        Promise.That(question is not null, "a name that was read can be asked for");
        var reader = new DnsReader(question) { At = 12 };
        Promise.That(reader.TryName(out var again) && again == name && reader.Left == 4, "it is the same name");
    }
}
