using System.Security.Cryptography;

namespace ClickToDial.Sip.Transactions;

/// <summary>Where branches, tags, Call-IDs and nonces come from. Nobody may be able to guess the next one.</summary>
public interface ITokenSource
{
    /// <summary>A fresh token of letters and digits, unique in practice.</summary>
    string Next();
}

/// <summary>96 random bits in 24 hexadecimal digits.</summary>
public sealed class RandomTokens : ITokenSource
{
    public string Next() => RandomNumberGenerator.GetHexString(24, lowercase: true);
}
