namespace ClickToDial.App.Webhooks;

internal static class QueueTries
{
    /// <summary>Whether a queue gives this message for the first time; a queue that does not count is believed to.</summary>
    /// <param name="count">What the queue calls its count of times.</param>
    public static bool IsFirst(FunctionContext context, string count) =>
        !context.BindingContext.BindingData.TryGetValue(count, out var times) || times?.ToString() is null or "1";
}
