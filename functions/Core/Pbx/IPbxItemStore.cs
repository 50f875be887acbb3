namespace ClickToDial.Core.Pbx;

/// <summary>What PBXes told beside calls. Newest first.</summary>
public interface IPbxItemStore
{
    /// <returns>False when it was there already.</returns>
    Task<bool> TryAddAsync(PbxItem item, CancellationToken stop);

    Task<PbxItemPage> ListAsync(PbxItemQuery query, CancellationToken stop);
}
