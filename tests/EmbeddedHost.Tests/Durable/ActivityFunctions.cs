using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Tests.Durable;

public sealed record Order(string Item, int Count);

/// <summary>Activities and plain orchestrators over them.</summary>
public sealed class ActivityFunctions(Journal journal)
{
    [Function(nameof(Append))]
    public string Append([ActivityTrigger] string text)
    {
        journal.Write("append " + text);
        return text + "+";
    }

    [Function(nameof(Square))]
    public static Task<int> Square([ActivityTrigger] int number) => Task.FromResult(number * number);

    [Function(nameof(Twice))]
    public static Order Twice([ActivityTrigger] Order order) => order with { Count = order.Count * 2 };

    [Function(nameof(Echo))]
    public static string Echo([ActivityTrigger] string text) => text;

    [Function(nameof(Nothing))]
    public void Nothing([ActivityTrigger] object? input, string instanceId) => journal.Write($"nothing for {instanceId}");

    [Function(nameof(Gated))]
    public async Task<string> Gated([ActivityTrigger] string gate, CancellationToken cancel)
    {
        journal.Write("entered " + gate);
        await journal.GateAsync(gate).WaitAsync(cancel);
        journal.Write("left " + gate);
        return gate;
    }

    [Function(nameof(Chain))]
    public static async Task<string> Chain([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var text = "";
        for (var i = 0; i < context.GetInput<int>(); i++) text = await context.CallActivityAsync<string>(nameof(Append), text + i);
        return text;
    }

    [Function(nameof(FanOut))]
    public static async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context, int count)
    {
        var squares = await Task.WhenAll(Enumerable.Range(0, count).Select(i => context.CallActivityAsync<int>(nameof(Square), i)));
        return squares.Sum();
    }

    [Function(nameof(Types))]
    public static async Task<Order> Types([OrchestrationTrigger] TaskOrchestrationContext context, Order order)
    {
        await context.CallActivityAsync(nameof(Nothing));
        return await context.CallActivityAsync<Order>(nameof(Twice), order);
    }

    [Function(nameof(Carry))]
    public static async Task<string> Carry([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var text = context.GetInput<string>()!;
        for (var i = 0; i < 2; i++) text = await context.CallActivityAsync<string>(nameof(Echo), text);
        return text;
    }

    [Function(nameof(Unknown))]
    public static Task Unknown([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("NoSuchActivity");

    [Function(nameof(Hold))]
    public static Task<string> Hold([OrchestrationTrigger] TaskOrchestrationContext context, string gate) =>
        context.CallActivityAsync<string>(nameof(Gated), gate);
}
