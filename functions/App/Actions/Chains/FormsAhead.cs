using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ClickToDial.App.Actions.Builders;
using ClickToDial.App.Adapters;
using ClickToDial.Core.Actions.Forms;

namespace ClickToDial.App.Actions.Chains;

/// <summary>
/// Reads the form that a chain opens next while the step before it is still being stored. Whatever goes wrong with that is as if
/// nothing had been read.
/// </summary>
public sealed class FormsAhead(ItemTables tables, StorageOptions storage, TimeProvider time)
{
    private const int Most = 1000;

    /// <summary>What was read longer ago may have been changed since.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string Domain, string ChainId), Reading> _readings = new();

    public void Begin(string domain, string chainId, string name)
    {
        // Those that no step came for; seldom.
        if (_readings.Count >= Most) _readings.Clear();
        _readings[(domain, chainId)] = new Reading(name, ReadAsync(domain, name), time.GetTimestamp());
    }

    /// <returns>Null when there is no such form.</returns>
    public async Task<FormDefinition?> TakeAsync(string domain, string chainId, string name, CancellationToken stop)
    {
        var isAhead = _readings.TryRemove((domain, chainId), out var reading) && reading.Name == name && time.GetElapsedTime(reading.Began) < Fresh;
        if (isAhead && await reading!.Form.WaitAsync(stop) is { } form) return form;
        return await tables.FormByNameAsync(domain, name, stop);
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is read again, and then the failure counts.")]
    private async Task<FormDefinition?> ReadAsync(string domain, string name)
    {
        // Nobody's request: no other limit holds for all that it asks of storage.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(storage.TimeoutSeconds), time);
        try
        {
            return await tables.FormByNameAsync(domain, name, deadline.Token);
        }
        catch (Exception)
        {
            return null;
        }
    }

    private sealed record Reading(string Name, Task<FormDefinition?> Form, long Began);
}
