using Microsoft.Extensions.Options;

namespace ClickToDial.App.Hosting;

/// <summary>What to tell whoever started the app when it cannot start: settings and surroundings, not our stack.</summary>
public static class StartFaults
{
    /// <summary>Of the process. A crash gives another one.</summary>
    public const int ExitCode = 2;

    /// <returns>One line for each fault; empty when the failure is none that a reader of settings could mend.</returns>
    public static IReadOnlyList<string> Of(Exception failure) => failure switch
    {
        OptionsValidationException options => [.. options.Failures],
        AggregateException all => Of(all.InnerExceptions),
        // The embedded host's own refusal is one of these, and an address in use is an IOException. By base type: in Azure there is no such host.
        InvalidOperationException or IOException =>
            failure.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        _ => [],
    };

    private static IReadOnlyList<string> Of(IReadOnlyCollection<Exception> failures)
    {
        var each = failures.Select(Of).ToList();
        return each.All(faults => faults.Count > 0) ? [.. each.SelectMany(faults => faults)] : [];
    }
}
