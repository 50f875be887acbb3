using System.Globalization;
using Azure.Messaging.ServiceBus;
using ClickToDial.App.Adapters.Bus;
using ClickToDial.App.Hosting;
using ClickToDial.Core.Directory;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Webhooks;

/// <summary>
/// Puts dead letters of the event queue back into it while storage is there, and after many rounds among the events set aside, where
/// administrators see the reason and replay them. A crash on the way sends one twice, which the queue drops by its id.
/// </summary>
public sealed partial class DeadLetterDesk(
    EventBus bus, PoisonStore poison, IDirectoryReader directory, AppMetrics metrics, TimeProvider time, ILogger<DeadLetterDesk> logger)
{
    /// <summary>Times that a message goes back: each time the queue tries it as often as it is told to.</summary>
    public const int MaxRounds = 10;

    private const string Round = "round";
    private const string Run = "run";
    private const int AtMost = 5000;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    public async Task ReplayAsync(CancellationToken stop)
    {
        if (!bus.IsUsed) return;
        // While storage is away they would only fail again.
        await directory.CheckAsync(stop);
        await using var dead = bus.DeadLetters();
        await using var sender = bus.Sender();
        var run = Guid.NewGuid().ToString("N");
        var done = 0;
        // Looked at before it is taken: what arrives at a receiver that takes nothing more would stay locked.
        while (done < AtMost && await dead.PeekMessageAsync(0, stop) is { } next && !IsOf(next, run))
        {
            if (await dead.ReceiveMessageAsync(Wait, stop) is not { } message) break;
            if (RoundOf(message) < MaxRounds) await sender.SendMessageAsync(Again(message, run), stop);
            else await SetAsideAsync(message, stop);
            await dead.CompleteMessageAsync(message, stop);
            done++;
        }

        if (done > 0) LogReplayed(done);
    }

    /// <summary>What this run has put back has failed again already: it waits for the next run.</summary>
    private static bool IsOf(ServiceBusReceivedMessage message, string run) =>
        message.ApplicationProperties.TryGetValue(Run, out var of) && of is string id && id == run;

    private static int RoundOf(ServiceBusReceivedMessage message) => message.ApplicationProperties.TryGetValue(Round, out var round) && round is int known ? known : 0;

    private static ServiceBusMessage Again(ServiceBusReceivedMessage message, string run)
    {
        var round = RoundOf(message) + 1;
        // An id that the queue has not seen, and the same one should this be done twice.
        var id = string.Create(CultureInfo.InvariantCulture, $"again|{round}|{message.SequenceNumber}|{message.EnqueuedTime.UtcTicks}");
        var again = new ServiceBusMessage(message.Body) { MessageId = id, SessionId = message.SessionId, ContentType = message.ContentType };
        again.ApplicationProperties[Round] = round;
        again.ApplicationProperties[Run] = run;
        return again;
    }

    private async Task SetAsideAsync(ServiceBusReceivedMessage message, CancellationToken stop)
    {
        var text = message.Body.ToString();
        var envelope = EventMessages.TryOpen(text);
        await poison.KeepAsync(envelope?.Domain, envelope?.ReceivedAt ?? time.GetUtcNow(), "failed-too-often", text, stop);
        metrics.Poisoned();
    }

    [LoggerMessage(1042, LogLevel.Warning, "{Count} dead letters of the event queue were put back, or set aside for good")]
    private partial void LogReplayed(int count);
}
