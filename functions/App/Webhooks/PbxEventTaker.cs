using ClickToDial.App.Hosting;
using ClickToDial.Core.Calls;
using ClickToDial.Core.Directory;
using ClickToDial.Core.Pbx;

namespace ClickToDial.App.Webhooks;

/// <summary>Takes events in the form of a PBX's own: users' calls into the call log, everything else as a row of its kind.</summary>
public sealed class PbxEventTaker(CallLog log, IPbxItemStore items, HandOn handOn, IDirectoryReader directory, AppMetrics metrics)
{
    public async Task TakeAsync(ReadOnlyMemory<byte> body, EventEnvelope envelope, CancellationToken stop)
    {
        var e = PbxEventReader.Read(body, envelope.Trigger) ?? throw new UnprocessableEventException("event-not-readable", envelope.Domain);
        var domain = await DomainAsync(e, envelope, stop);
        await log.CheckDomainAsync(domain, envelope, stop);
        if (!PbxTranslator.IsWithinTime(e, envelope.ReceivedAt)) throw new UnprocessableEventException("event-time-out-of-range", domain);
        if (PbxTranslator.IsCall(e.Type))
        {
            await log.TakeAsync(PbxTranslator.Translate(e, domain, envelope.ReceivedAt), envelope, isForeign: true, stop);
        }
        else
        {
            var item = PbxItem.Of(e, domain, body, envelope.ReceivedAt);
            // Handed on before it is kept, and again when it comes again: see HandOn.
            await handOn.ItemAsync(item, stop);
            await items.TryAddAsync(item, stop);
        }

        metrics.PbxEvent(e.Type);
    }

    /// <summary>Whose token it was, else what the event says, else the only domain there is.</summary>
    private async Task<string> DomainAsync(PbxEvent e, EventEnvelope envelope, CancellationToken stop)
    {
        if ((envelope.Domain ?? e.Domain) is { } domain) return domain;
        // Without a type it is not meant for a call log at all.
        if (e.TypeName is null) throw new UnprocessableEventException("event-not-readable");
        var domains = (await directory.GetAsync(stop)).Domains;
        return domains.Count == 1 ? domains.Keys[0] : throw new UnprocessableEventException("event-without-domain");
    }
}
