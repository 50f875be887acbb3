namespace ClickToDial.App.Hosting.Secrets;

/// <summary>Where secrets are kept.</summary>
public interface ISecretStore
{
    /// <returns>All that are there and known, by setting. A failure of any kind is thrown: half an answer would withdraw secrets.</returns>
    Task<IReadOnlyDictionary<string, string>> ReadAsync(CancellationToken stop);
}
