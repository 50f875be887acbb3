using ClickToDial.Core.Links;
using ClickToDial.Core.Secrets;

namespace ClickToDial.Core.Tests.Links;

/// <summary>Row B2: what a link of ours says cannot be changed.</summary>
public sealed class LinkTicketTests
{
    private static readonly LinkTicket Ticket = new("d.test", "101", "+49 30 1", true, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), "nonce");

    [Fact]
    public void Ticket_IsReadAsItWasWritten()
    {
        var old = new LinkTicketWriter([Key('a')]);
        Assert.Equal(Ticket, old.TryRead(old.Write(Ticket)));
        Assert.Equal(Ticket, new LinkTicketWriter([Key('b'), Key('a')]).TryRead(old.Write(Ticket)));
        Assert.Null(new LinkTicketWriter([Key('b')]).TryRead(old.Write(Ticket)));
    }

    [Fact]
    public void AnyCharacterChanged_IsRefused()
    {
        var writer = new LinkTicketWriter([Key('a')]);
        var text = writer.Write(Ticket);
        for (var i = 0; i < text.Length; i++)
            foreach (var other in "Ax_.-")
                if (text[i] != other)
                    Assert.Null(writer.TryRead(text[..i] + other + text[(i + 1)..]));
        Assert.Null(writer.TryRead(text[..^1]));
        Assert.Null(writer.TryRead(null));
        Assert.Null(writer.TryRead("." + text));
    }

    private static SecretKey Key(char c) => SecretKey.TryParse($"{c}:{new string(c, 64)}", out var key) ? key : throw new FormatException();
}
