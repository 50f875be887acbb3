using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Directory;

namespace ClickToDial.Core.Tests.Directory;

public sealed class SeedRulesTests
{
    private static readonly SeedUser User = new("101", [new SeedDevice("101", "password-1")]);
    private static readonly SeedDomain Domain = new("demo.local", [User]);
    private static readonly SeedKey Key = new("ctd_demo_0123456789abcdef", "demo.local", ["calls:write"]);
    private static readonly SeedTrunk Trunk = new("carrier", ["+"], "sip:127.0.0.1:5070");

    [Fact]
    public void GoodSeed_HasNoFault() => Assert.Empty(SeedRules.Faults(new Seed([Domain], [Key], [Trunk])));

    [Fact]
    public void EveryFault_IsSaidAtOnce()
    {
        var seed = new Seed(
            [
                Domain with { Name = "Demo", Origins = ["https://a/"], Policy = new SeedPolicy(["49"], CallsPerMinutePerUser: 0, MaxCallSeconds: 0), Sounds = new DomainSounds("../x", "d/e") },
                Domain with { Users = [User, User with { CallerId = "1" }, User with { Name = "a b" }] },
                Domain with { Users = [User with { Devices = [new SeedDevice("x y", "${random:A}")] }] },
            ],
            [Key with { Key = "ctd_K_0123456789", Scopes = ["all"], Domain = "elsewhere" }, Key, Key],
            [Trunk with { Prefixes = [] }, Trunk with { Address = "http://x", UserName = "u", Prefixes = ["1"] }]);

        var faults = SeedRules.Faults(seed);

        string[] expected =
        [
            "named twice", "not a lower-case host name", "no origin", "no number prefix", "callsPerMinutePerUser", "maxCallSeconds", "holdMusic", "language",
            "callerId", "not a user name", "still a placeholder", "no scope", "no prefixes", "SIP URI", "belong together", "1 to 32", "not in the seed", "API key demo: named twice",
        ];
        Assert.All(expected, text => Assert.Contains(faults, f => f.Contains(text, StringComparison.Ordinal)));
    }

    [Fact]
    public void EveryFaultOfTrunkSettings_IsSaidAtOnce()
    {
        var settings = new TrunkSettings(
            Priority: -1,
            Servers: [new("http://a", 0, 0)],
            Sources: ["a.example", "192.0.2.0/24", "192.0.2.1:5060", "192.0.2.1"],
            Registration: new("Carrier", 1),
            Health: new(IntervalSeconds: 1, TimeoutSeconds: 0, DownAfter: 0, UpAfter: 0),
            Codecs: ["PCMA", "GSM"],
            MaxCalls: 0,
            InboundRules: [new(), new("0", "+", "x", "y"), new(Pattern: "(", Replace: ""), new(Pattern: "1"), new("0", "+")],
            CallerId: TrunkCallerId.Allowed,
            AnswerSeconds: 0,
            TlsNames: ["sbc.example", "*.example"]);

        var faults = SeedRules.Faults(new Seed([Domain with { Users = [User with { Numbers = ["1"], ForwardTo = "x" }] }], [Key], [Trunk with { Settings = settings }]));

        string[] expected =
        [
            "priority", "must be a SIP URI", "weight", "a.example is no address", "expiresSeconds", "lower-case host name", "intervalSeconds", "timeoutSeconds",
            "downAfter", "upAfter", "GSM is no codec", "maxCalls", "rule 1:", "rule 2:", "rule 3:", "rule 4:", "callerIds: empty", "answerSeconds", "*.example is no lower-case",
            "needs userName", "callerId is needed", "number 1 is not E.164", "forwardTo",
        ];
        Assert.All(expected, text => Assert.Contains(faults, f => f.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, faults.Count);
    }

    [Fact]
    public void Faults_NeverRepeatASecret()
    {
        var seed = new Seed([Domain with { Users = [User with { Devices = [new("1", "hush")] }] }], [Key with { Key = "ctd_demo_tell-nobody" }]);

        Assert.All(SeedRules.Faults(seed), f => Assert.False(f.Contains("tell-nobody", StringComparison.Ordinal) || f.Contains("hush", StringComparison.Ordinal)));
        Assert.Equal(2, SeedRules.Faults(seed).Count);
    }

    [Fact(DisplayName = "RFC 7616 3.9.1: H(A1) of the example")]
    public void DigestHashes_MatchTheExample()
    {
        Assert.Equal("3d78807defe7de2157e2b0b6573a855f", DigestHash.Md5("Mufasa", "http-auth@example.org", "Circle of Life"));
        Assert.Equal(
            "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232",
            DigestHash.Sha256("Mufasa", "http-auth@example.org", "Circle of Life"));
    }
}
