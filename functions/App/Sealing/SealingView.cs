namespace ClickToDial.App.Sealing;

/// <param name="Key">Id of the key that stored secrets are sealed with.</param>
/// <param name="State">
/// <c>done</c>: no stored secret needs an older key; <c>working</c>: some do; <c>unreadable</c>: only rows are left that no key opens;
/// <c>waiting</c>: nobody has counted lately.
/// </param>
/// <param name="Rows">Rows under older keys, when they were counted last.</param>
/// <param name="Unreadable">Rows that could not be opened.</param>
/// <param name="CountedAt">When that was.</param>
public sealed record SealingView(string Key, string State, long Rows, long Unreadable, DateTimeOffset? CountedAt);
