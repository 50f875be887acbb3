using ClickToDial.Calls.Tests.Support;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Directory;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClickToDial.Calls.Tests.Trunks;

public sealed class TrunkContactsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Contact_is_the_same_over_a_restart_and_another_for_each_trunk_and_worker()
    {
        var first = Contacts().Of(Trunk("one"));
        Assert.Equal(first, Contacts().Of(Trunk("one")));
        Assert.NotEqual(first, Contacts().Of(Trunk("two")));
        // Nothing of it comes from the password: a worker without that file has another.
        Assert.NotEqual(first, new TrunkContacts(_folder.Sub("other.json"), NullLogger.Instance).Of(Trunk("one")));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"one account\":\"short\"}")]
    [InlineData("[]")]
    public void File_that_cannot_be_read_is_as_good_as_none(string text)
    {
        File.WriteAllText(_folder.Sub("contacts.json"), text);
        var contact = Contacts().Of(Trunk("one"));
        Assert.Equal(33, contact.Length);
        Assert.Equal(contact, Contacts().Of(Trunk("one")));
    }

    [Fact]
    public void Disk_that_refuses_costs_no_registration()
    {
        var contacts = new TrunkContacts("/proc/none/contacts.json", NullLogger.Instance);
        Assert.Equal(contacts.Of(Trunk("one")), contacts.Of(Trunk("one")));
    }

    private TrunkContacts Contacts() => new(_folder.Sub("contacts.json"), NullLogger.Instance);

    private static Trunk Trunk(string name) => new(new TrunkEntry(name, ["+"], "sip:carrier.example", "account", "secret"));
}
