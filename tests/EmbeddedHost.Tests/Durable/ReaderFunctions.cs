using System.ComponentModel;
using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

/// <summary>An activity that only reads, and one that does not say so, asked for by the same step.</summary>
public sealed class ReaderFunctions(Journal journal)
{
    [Function(nameof(Hold))]
    public async Task Hold([ActivityTrigger] string gate, CancellationToken cancel)
    {
        journal.Write("entered " + gate);
        await journal.GateAsync(gate).WaitAsync(cancel);
    }

    [ReadOnly(true)]
    [Function(nameof(Read))]
    public string Read([ActivityTrigger] string word)
    {
        journal.Write("read " + word);
        return word;
    }

    [Function(nameof(Write))]
    public string Write([ActivityTrigger] string word)
    {
        journal.Write("wrote " + word);
        return word;
    }

    [Function(nameof(Both))]
    public static async Task<string> Both([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync(nameof(Hold), "gate");
        var (read, written) = (context.CallActivityAsync<string>(nameof(Read), "a"), context.CallActivityAsync<string>(nameof(Write), "b"));
        return await read + await written;
    }
}
