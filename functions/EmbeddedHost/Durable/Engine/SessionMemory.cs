using Azure;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.History;
using ClickToDial.EmbeddedHost.Durable.Storage;

namespace ClickToDial.EmbeddedHost.Durable.Engine;

/// <summary>What a session knows about its instance: a copy of what is stored, kept up with each step.</summary>
internal sealed class SessionMemory
{
    /// <summary>Deletes share a transaction with the step that they belong to.</summary>
    private const int RowsInStep = 80;
    private const int CharsInStep = 500_000;

    private readonly List<Turn> _turns = [];
    private readonly List<Message> _inbox = [];
    private readonly List<Answered> _answers = [];
    private readonly List<Told> _told = [];
    private readonly List<string> _historyRows = [];
    private readonly List<string> _usedRows = [];
    private readonly Dictionary<int, OrchestratorAction> _openTasks = [];
    private readonly RecentKeys _taken = new();

    public SessionMemory(StoredInstance stored) => Adopt(stored);

    public InstanceState State { get; private set; } = null!;

    public ETag ETag { get; private set; }

    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>Messages of committed steps that are still to be sent.</summary>
    public Queue<OutgoingMessage> Outbox { get; } = [];

    /// <summary>Activities and sub-orchestrations without an answer.</summary>
    public IReadOnlyCollection<OrchestratorAction> OpenTasks => _openTasks.Values;

    /// <summary>As of the last step.</summary>
    public IReadOnlyDictionary<int, DateTime> OpenTimers { get; set; } = new Dictionary<int, DateTime>();

    /// <summary>Rows that mean nothing any more and may go with the next step.</summary>
    public IReadOnlyList<string> UsedRows => _usedRows;

    public IReadOnlyList<string> HistoryRows => _historyRows;

    /// <summary>Replaces everything stored; answers that are not stored yet stay.</summary>
    public void Adopt(StoredInstance stored)
    {
        State = stored.State;
        ETag = stored.ETag;
        Refill(_turns, stored.Turns);
        Refill(_inbox, stored.Inbox);
        Refill(_historyRows, stored.HistoryRows);
        Refill(_usedRows, stored.Garbage);
        Outbox.Clear();
        foreach (var message in stored.Outbox) Outbox.Enqueue(message);
        _openTasks.Clear();
        foreach (var turn in _turns) Track(turn);
        // Of the step before, and perhaps of an execution that is over: the step that is stored says which there are.
        OpenTimers = new Dictionary<int, DateTime>();
    }

    public void Add(Message message)
    {
        // The same message may come by hand and by a look into the inbox.
        if (!_taken.Contains(message.Rows[0]) && !_inbox.Exists(m => m.Rows[0] == message.Rows[0])) _inbox.Add(message);
    }

    public void Add(Answered answer) => _answers.Add(answer);

    public void Add(Told told) => _told.Add(told);

    /// <summary>A step with this news is stored.</summary>
    public void Heard(IEnumerable<News> news)
    {
        foreach (var told in news.Select(n => n.Told).OfType<Told>()) told.Accept();
        _told.RemoveAll(told => told.IsTaken);
    }

    /// <summary>The session ends: what it was told and has not stored must find its way by storage.</summary>
    public void RejectTold() => _told.ForEach(told => told.Reject());

    public void Sent(OutgoingMessage message) => _usedRows.AddRange(message.Rows);

    /// <summary>What is there to tell at this time, in order; within what one step can store.</summary>
    public IReadOnlyList<News> Take(DateTimeOffset now)
    {
        if (IsEarly(now) && !_inbox.Exists(m => m.Event is Terminated)) return [];
        // Stable: what came at the same moment keeps its order, and the start stays first.
        var news = Messages().Concat(Answers()).Concat(Timers(now)).Concat(ToldNews()).OrderBy(n => n.At).ToList();
        var (rows, chars) = (0, 0);
        List<News> step = [.. news.TakeWhile((n, i) => i == 0 || ((rows += n.Rows.Count + 1) <= RowsInStep && (chars += Weight(n.Event)) <= CharsInStep))];
        step.RemoveAll(n => n.Told?.TryTake() == false);
        // All of it was given up by those who told it, at this very moment.
        return step.Count == 0 && news.Count > 0 ? Take(now) : step;
    }

    /// <summary>Nothing is told before the time at which the instance is to begin.</summary>
    public bool IsEarly(DateTimeOffset now) => _turns.Count == 0 && State.StartAt > now;

    /// <summary>Takes over what a commit has stored.</summary>
    public void Apply(InstanceCommit commit, CommitReceipt receipt)
    {
        var used = commit.Deletes.ToHashSet(StringComparer.Ordinal);
        _usedRows.RemoveAll(used.Contains);
        foreach (var message in _inbox.Where(m => used.Contains(m.Rows[0]))) _taken.Add(message.Rows[0]);
        _inbox.RemoveAll(m => used.Contains(m.Rows[0]));
        var isNewExecution = !string.Equals(commit.Before.ExecutionId, commit.After.ExecutionId, StringComparison.Ordinal);
        if (isNewExecution) Forget(used);
        if (commit.Turn is { } turn)
        {
            _turns.Add(turn);
            Track(turn);
            _answers.RemoveAll(a => turn.Inputs.Contains(a.Answer, ReferenceEqualityComparer.Instance));
        }
        State = commit.After;
        ETag = receipt.ETag;
        _historyRows.AddRange(receipt.HistoryRows);
        _inbox.AddRange(receipt.Inbox);
        foreach (var message in receipt.Outbox) Outbox.Enqueue(message);
    }

    public void Cleaned(IReadOnlyCollection<string> rows) => _usedRows.RemoveAll(rows.Contains);

    /// <summary>The head was written without a step.</summary>
    public void Moved(InstanceState state, ETag etag) => (State, ETag) = (state, etag);

    private static void Refill<T>(List<T> list, IEnumerable<T> items)
    {
        list.Clear();
        list.AddRange(items);
    }

    private static int Weight(HistoryEvent? input) => input switch
    {
        ExecutionStarted e => e.Input?.Length ?? 0,
        TaskCompleted e => e.Result?.Length ?? 0,
        EventRaised e => e.Input?.Length ?? 0,
        _ => 0,
    };

    private void Forget(HashSet<string> deleted)
    {
        _turns.Clear();
        _openTasks.Clear();
        _answers.Clear();
        _usedRows.AddRange(_historyRows.Where(row => !deleted.Contains(row)));
        _historyRows.Clear();
        OpenTimers = new Dictionary<int, DateTime>();
    }

    private void Track(Turn turn)
    {
        foreach (var action in turn.Actions)
            if (action is ActivityScheduled or SubOrchestrationScheduled) _openTasks[((OrchestratorAction)action).TaskId] = (OrchestratorAction)action;
        foreach (var input in turn.Inputs)
            if (TaskOf(input) is { } id) _openTasks.Remove(id);
    }

    private IEnumerable<News> Messages() => _inbox.Select(m => new News(
        m.Event is ExecutionStarted ? DateTimeOffset.MinValue : m.At, IsWanted(m.ForExecution, m.Event) ? m.Event : null, m.Rows));

    private IEnumerable<News> Answers() =>
        _answers.Where(a => IsWanted(a.ExecutionId, a.Answer)).Select(a => new News(a.At, a.Answer, []));

    private IEnumerable<News> ToldNews()
    {
        _told.RemoveAll(told => told.IsWithdrawn);
        return _told.Select(told => new News(told.At, told.Event, [], told));
    }

    private IEnumerable<News> Timers(DateTimeOffset now) => State.Status == OrchestrationRuntimeStatus.Suspended
        ? []
        : OpenTimers.Where(t => t.Value <= now.UtcDateTime).OrderBy(t => t.Value).ThenBy(t => t.Key)
            .Select(t => new News(new DateTimeOffset(t.Value), new TimerFired(t.Key), []));

    /// <summary>Answers of an earlier execution, and second answers, are not told.</summary>
    private bool IsWanted(string? execution, HistoryEvent input) =>
        (execution is null || string.Equals(execution, State.ExecutionId, StringComparison.Ordinal))
        && (TaskOf(input) is not { } id || _openTasks.ContainsKey(id));

    private static int? TaskOf(HistoryEvent input) => input switch
    {
        TaskCompleted done => done.TaskId,
        TaskFailed failed => failed.TaskId,
        _ => null,
    };
}
