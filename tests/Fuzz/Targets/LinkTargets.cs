using System.Text;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Links;
using ClickToDial.Core.Secrets;

namespace ClickToDial.Fuzz.Targets;

/// <summary>The query of a dial link is read within its bounds or refused, and what is read can be checked, signed and read again.</summary>
public sealed class LinkQueryTarget : IFuzzTarget
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly LinkTicketWriter Tickets = new([SecretKey.TryParse("a:" + new string('a', 64), out var key) ? key : throw new FormatException()]);

    public string Name => "link-query";

    public IEnumerable<string> Seeds =>
    [
        "?user=101%40d.test&extension=true&dest=%2B4930123&time=1700000000&duration=60&;auth=0123456789abcdef0123456789abcdef&connect=true",
        "user=101&amp;dest=102&amp;auth=MTAxQGQudGVzdDpwYXNz&src=crm&name=x",
        "user=101&dest=102&auth=101%40d.test:pass",
    ];

    public IEnumerable<string> Words => ["&;", "&amp;", "%", "%00", "%ff", "%C3%A9", "user=", "dest=", "auth=", "time=-1", "duration=99999999999999999999", "connect=1", "==", "@", ":", "+"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        Promise.That(Tickets.TryRead(text) is null, "nobody signs by chance");
        if (LinkQuery.TryParse(text) is not { } query) return;
        Promise.That(query.User.Length > 0 && query.Destination.Length is > 0 and <= NumberText.MaxLength, "user and destination are there, and bounded");
        Promise.That(!(query.User + query.Destination + query.Auth).Any(char.IsControl), "nothing that is read holds a control character");
        if (query.Auth is not null) _ = LinkCredentials.ReadPassword(query.Auth);
        _ = LinkCredentials.HashFits(query, "secret");
        if (LinkCredentials.ExpiryOf(query, Now, TimeSpan.FromDays(1)) is { } expires) Promise.That(expires < Now + TimeSpan.FromDays(1.1), "no hash is good for longer than the domain says");
        _ = LinkCredentials.FormOf(query);
        var ticket = new LinkTicket("d.test", query.Account.Name, query.Destination, query.Connect, Now, "n");
        Promise.That(Tickets.TryRead(Tickets.Write(ticket)) == ticket, "a ticket is read as it was written");
    }
}

/// <summary>Whatever people write for a number becomes E.164, which stays itself, or is refused.</summary>
public sealed class NumberTextTarget : IFuzzTarget
{
    public string Name => "number-text";

    public IEnumerable<string> Seeds => ["+49 (0)30 1234-567", "tel:+1-202-555-0100", "0049 30/1234567", "011 44 20 7946 0000", "(202) 555-0100", "06 12345678"];

    public IEnumerable<string> Words => ["+", "00", "011", "(0)", "tel:", ";ext=", "\u00a0", "\u0661", "-", "/", "999999999999999"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = Encoding.UTF8.GetString(input);
        foreach (var home in new[] { null, "+1", "+39", "+49" })
        {
            if (!NumberText.TryNormalise(text, home, out var number)) continue;
            Promise.That(DestinationName.IsE164(number), "it is E.164");
            Promise.That(NumberText.TryNormalise(number, home, out var again) && again == number, "what is E.164 stays itself");
        }
    }
}
