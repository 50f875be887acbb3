using System.Text.Json;
using System.Text.Json.Serialization;
using ClickToDial.App.Access;
using ClickToDial.App.Actions.Chains;
using ClickToDial.App.Adapters;
using ClickToDial.App.Calls;
using ClickToDial.App.Deliveries;
using ClickToDial.App.Guard;
using ClickToDial.App.Health;
using ClickToDial.App.Links;
using ClickToDial.App.Login;
using ClickToDial.App.PbxApi;
using ClickToDial.App.Recordings;
using ClickToDial.App.Sessions;
using ClickToDial.App.Webhooks;
using ClickToDial.Contracts.Calls;
using ClickToDial.Contracts.Control;
using ClickToDial.Contracts.Events;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Guard;
using ClickToDial.Core.Pbx;
using ClickToDial.Core.Webhooks;

namespace ClickToDial.App.Hosting;

/// <summary>JSON of the API's answers and of what is stored: camelCase, nulls left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(WorkerRoom))]
[JsonSerializable(typeof(CallAccepted))]
[JsonSerializable(typeof(CallView))]
[JsonSerializable(typeof(LiveCallsView))]
[JsonSerializable(typeof(CallPageView))]
[JsonSerializable(typeof(CallEventsView))]
[JsonSerializable(typeof(HealthView))]
[JsonSerializable(typeof(RecordingsView))]
[JsonSerializable(typeof(RecordingOrder))]
[JsonSerializable(typeof(EventEnvelope))]
[JsonSerializable(typeof(OriginateCommand))]
[JsonSerializable(typeof(CallEvent))]
[JsonSerializable(typeof(IReadOnlyList<LegSummary>))]
[JsonSerializable(typeof(CallTally))]
[JsonSerializable(typeof(GuardEventsView))]
[JsonSerializable(typeof(LinkView))]
[JsonSerializable(typeof(PbxLoginView))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(PbxCallDetails))]
[JsonSerializable(typeof(PbxEvent))]
[JsonSerializable(typeof(GapCheck))]
[JsonSerializable(typeof(ApiKeyView))]
[JsonSerializable(typeof(ApiKeyListView))]
[JsonSerializable(typeof(PbxItemPageView))]
[JsonSerializable(typeof(PoisonView))]
[JsonSerializable(typeof(PoisonPageView))]
[JsonSerializable(typeof(DeliveryTask))]
[JsonSerializable(typeof(WebhookSecrets))]
[JsonSerializable(typeof(IReadOnlyList<DeliveryAttempt>))]
[JsonSerializable(typeof(WebhookView))]
[JsonSerializable(typeof(WebhookListView))]
[JsonSerializable(typeof(WebhookTestView))]
[JsonSerializable(typeof(WebhookSamplesView))]
[JsonSerializable(typeof(DeliveryView))]
[JsonSerializable(typeof(DeliveryPageView))]
[JsonSerializable(typeof(ReplayView))]
[JsonSerializable(typeof(CallNote))]
public sealed partial class AppJson : JsonSerializerContext;
