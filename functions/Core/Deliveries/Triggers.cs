using System.Collections.Frozen;
using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Pbx;

namespace ClickToDial.Core.Deliveries;

/// <summary>What subscribers may choose, by style.</summary>
public static class Triggers
{
    public const string All = "*";

    private static readonly FrozenDictionary<CallEventType, string> Steps =
        Enum.GetValues<CallEventType>().ToFrozenDictionary(t => t, t => JsonSerializer.SerializeToElement(t, ContractsJson.Default.CallEventType).GetString()!);

    private static readonly FrozenSet<string> OfPbx = PbxEventTypes.All.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> OfCallEvents =
        Steps.Values.Concat(PbxEventTypes.All.Where(n => !PbxTranslator.IsCall(PbxEventTypes.OfName(n)))).ToFrozenSet(StringComparer.Ordinal);

    public static IReadOnlySet<string> Of(PayloadStyle style) => style == PayloadStyle.Pbx ? OfPbx : OfCallEvents;

    public static string NameOf(CallEventType type) => Steps[type];
}
