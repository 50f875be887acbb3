using ClickToDial.Calls.Directory;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Calls.Tests.Directory;

public sealed class CallDirectoryTests
{
    private static readonly DeviceEntry Desk = new("101-desk", "md5", "sha");
    private static readonly UserEntry Anna = new("101", "Anna", "+4930101", [Desk]);
    private static readonly TrunkEntry World = new("world", ["+"], "sip:world.example");
    private static readonly TrunkEntry Germany = new("germany", ["+49", "+4930"], "sip:de.example");
    private static readonly TrunkEntry Munich = new("munich", ["+4989"], "sip:muc.example", Domains: ["other.example"]);

    private readonly CallDirectory _directory = new(new DirectorySnapshot(
        [new DomainEntry("demo.local", [Anna, new UserEntry("echo-fan", null, null, [])]), new DomainEntry("other.example", [])],
        [World, Germany, Munich]));

    [Theory]
    [InlineData("demo.local")]
    [InlineData("DEMO.Local")]
    public void User_and_device_are_found_whatever_the_case_of_the_domain(string domain)
    {
        Assert.Same(Anna, _directory.FindUser(domain, "101"));
        Assert.Equal(new DeviceOwner("demo.local", Anna, Desk), _directory.FindDevice(domain, "101-desk"));
        Assert.True(_directory.HasDomain(domain));
    }

    [Fact]
    public void User_of_another_domain_is_no_destination() => Assert.Equal(Route.None, _directory.RouteTo("other.example", "101"));

    [Fact]
    public void User_of_the_domain_comes_first() => Assert.Equal(new Route.ToUser(Anna), _directory.RouteTo("demo.local", "101"));

    [Theory]
    [InlineData("echo", TestNumber.Echo)]
    [InlineData("milliwatt", TestNumber.Milliwatt)]
    [InlineData("busy", TestNumber.Busy)]
    [InlineData("no-answer", TestNumber.NoAnswer)]
    public void Test_numbers_are_words(string word, TestNumber number) =>
        Assert.Equal(new Route.ToTest(number), _directory.RouteTo("demo.local", word));

    [Theory]
    [InlineData("+4930123456", "germany")]
    [InlineData("+4989123456", "germany")]
    [InlineData("+15551234567", "world")]
    public void Longest_prefix_that_the_domain_may_use_wins(string number, string trunk) =>
        Assert.Equal(trunk, Assert.IsType<Route.ToTrunk>(_directory.RouteTo("demo.local", number)).Trunks[0].Name);

    [Fact]
    public void Trunk_of_one_domain_serves_that_domain() =>
        Assert.Equal("munich", Assert.IsType<Route.ToTrunk>(_directory.RouteTo("other.example", "+4989123456")).Trunks[0].Name);

    [Fact]
    public void Word_that_is_nobody_has_no_route() => Assert.Equal(Route.None, _directory.RouteTo("demo.local", "nobody"));
}
