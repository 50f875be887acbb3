using ClickToDial.Core.Sessions;

namespace ClickToDial.Core.Tests.Sessions;

internal static class TestSession
{
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);
    public static readonly SigningKey Key = SigningKey.Generate();
    public static readonly SigningKey OlderKey = SigningKey.Generate();
    public static readonly SessionTokenValidator Validator = new(new SigningKeyRing([Key, OlderKey]), "https://issuer.test", "us", Skew);

    public static readonly SessionClaims Claims = new(
        "https://issuer.test", "us", "token-1", "demo.local", "101", 2, Now, Now, Now.AddMinutes(5),
        "https://crm.example.com", ["+12025550100", "+4930*", "echo"]);
}
