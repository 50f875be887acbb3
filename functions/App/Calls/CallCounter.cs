using ClickToDial.App.Hosting;
using ClickToDial.Core.Access;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Destinations;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Guard;
using ClickToDial.Core.Problems;
using Microsoft.Extensions.Logging;

namespace ClickToDial.App.Calls;

/// <summary>Counts calls by user, source address and destination, and tells the operator of every cap that is reached.</summary>
public sealed partial class CallCounter(ITallyStore tallies, ICallStore calls, IGuardLog guardLog, AppMetrics metrics, TimeProvider time, ILogger<CallCounter> logger)
{
    private static readonly HashSet<string> NoneEnded = [];

    /// <summary>So long after it was counted, a call may not be in the call log yet.</summary>
    private static readonly TimeSpan Placing = TimeSpan.FromMinutes(1);

    /// <returns>Null when counted.</returns>
    public async Task<Problem?> CountAsync(DomainView domain, Principal principal, CallRequest request, string mark, CancellationToken stop)
    {
        var subjects = Subjects(domain.Policy, principal, request);
        if (await tallies.CountAsync(domain.Name, subjects, mark, NoneEnded, stop) is not { } refusal) return null;
        if (refusal.Answer.Cap == TallyCap.AtOnce)
        {
            var ended = await EndedAsync(domain.Name, refusal, stop);
            if (ended.Count > 0 && await tallies.CountAsync(domain.Name, subjects, mark, ended, stop) is var again)
            {
                if (again is null) return null;
                refusal = again;
            }
        }

        if (refusal.Answer.IsNews) await TellAsync(domain.Name, request.User, refusal, stop);
        return refusal.Problem;
    }

    private static List<TallySubject> Subjects(DestinationPolicy policy, Principal principal, CallRequest request)
    {
        var subjects = new List<TallySubject>(3) { TallySubject.User(request.User, policy.UserLimits) };
        if (principal is { IsPhone: true, From: { } office } && !policy.PhoneAddressLimits.IsNone)
            subjects.Add(TallySubject.PhoneAddress(office, policy.PhoneAddressLimits));
        if (principal is { IsPhone: false, From: { } from } && !policy.AddressLimits.IsNone) subjects.Add(TallySubject.Address(from, policy.AddressLimits));
        if (DestinationName.IsE164(request.Destination) && !policy.DestinationLimits.IsNone)
            subjects.Add(TallySubject.Destination(request.Destination, policy.DestinationLimits));
        return subjects;
    }

    /// <summary>Of the calls that count as under way, those that the call log knows better.</summary>
    private async Task<HashSet<string>> EndedAsync(string domain, TallyRefusal refusal, CancellationToken stop)
    {
        var looked = await Task.WhenAll(refusal.Answer.Tally.Open.Select(async e => (e.Id, Ended: await HasEndedAsync(domain, e, stop))));
        return [.. looked.Where(l => l.Ended).Select(l => l.Id)];
    }

    private async Task<bool> HasEndedAsync(string domain, CallTally.Entry entry, CancellationToken stop)
    {
        var isYoung = entry.At > time.GetUtcNow() - Placing;
        if (CallMarks.TryReadCall(entry.Id, out var callId))
            return await calls.FindAsync(domain, callId, stop) is { } known ? !known.Row.IsOpen : !isYoung;
        if (await calls.FindPlacedAsync(domain, entry.Id, stop) is not { } placed) return !isYoung;
        return await calls.FindAsync(domain, placed.CallId, stop) is { } stored ? !stored.Row.IsOpen : !isYoung;
    }

    private async Task TellAsync(string domain, string user, TallyRefusal refusal, CancellationToken stop)
    {
        var rule = refusal.Problem.Reason;
        metrics.CapReached(rule);
        LogCap(domain, rule);
        await guardLog.AddAsync(new GuardEvent(domain, user, rule, time.GetUtcNow()), stop);
    }

    [LoggerMessage(1200, LogLevel.Warning, "{Domain}: a cap on calls is reached ({Rule})")]
    private partial void LogCap(string domain, string rule);
}
