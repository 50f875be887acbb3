namespace ClickToDial.Core.Sessions;

/// <summary>Keeps <see cref="TokenUse"/> per token, so that concurrent spends never exceed the token's calls.</summary>
public interface ITokenUseStore
{
    /// <returns>False when the token is spent.</returns>
    Task<bool> TrySpendAsync(SessionClaims token, string mark, CancellationToken stop);
}
