namespace ClickToDial.App.Hosting.Secrets;

/// <summary>Where secrets are kept.</summary>
public interface ISecretStore
{
    /// <summary>Whether it alone says what there is of our own secrets (<see cref="SecretNames.Settings"/>): one that it does not have is withdrawn.</summary>
    bool IsWhole => false;

    /// <returns>All that are there and known, by setting. A failure of any kind is thrown: half an answer would withdraw secrets.</returns>
    Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken stop);
}
