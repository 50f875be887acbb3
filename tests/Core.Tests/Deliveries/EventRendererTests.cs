using System.Text.Json;
using ClickToDial.Contracts;
using ClickToDial.Core.Deliveries;
using ClickToDial.Core.Pbx;

namespace ClickToDial.Core.Tests.Deliveries;

public sealed class EventRendererTests
{
    public static TheoryData<string, string[]> PbxMembers => new()
    {
        { "user_inbound", ["unique_call_id", "caller_id", "user_name", "user_number", "dest_number", "call_start_at"] },
        { "user_inbound_answered", ["unique_call_id", "caller_id", "user_name", "user_number", "dest_number", "call_start_at", "connected_at"] },
        { "user_outbound_completed", ["unique_call_id", "caller_id", "user_name", "user_number", "dest_number", "call_start_at", "connected_at", "call_duration", "conversation_duration"] },
        { "queue_call", ["unique_call_id", "caller_id", "caller_name", "queue_name", "user_name", "user_number", "dest_number", "call_start_at", "connected_at", "status", "call_duration", "conversation_duration"] },
        { "ring_group_call", ["unique_call_id", "caller_id", "caller_name", "ring_group_name", "user_name", "user_number", "dest_number", "call_start_at", "connected_at", "status", "call_duration", "conversation_duration"] },
        { "voicemail", ["unique_call_id", "caller_id", "dest_number", "recorded_at", "emails", "email_subject", "email_message", "audio_file"] },
        { "recording_outbound", ["unique_call_id", "caller_id", "user_name", "user_number", "dest_number", "recorded_at", "emails", "email_subject", "email_message", "call_recording_link"] },
        { "webhook_component_event", ["unique_call_id", "user_name", "user_number", "dest_number", "call_start_at", "component_name"] },
    };

    [Theory]
    [MemberData(nameof(PbxMembers))]
    public void PbxStyle_HasTheDocumentedMembers(string trigger, string[] members)
    {
        var body = JsonElement.Parse(SampleEvents.Of(PayloadStyle.Pbx)[trigger].Body);

        Assert.Equal(members.Prepend("type"), body.EnumerateObject().Select(m => m.Name));
        Assert.Equal(trigger, body.GetProperty("type").GetString());
    }

    [Theory]
    [InlineData(PayloadStyle.Pbx)]
    [InlineData(PayloadStyle.CallEvent)]
    public void EveryTrigger_HasASample(PayloadStyle style) => Assert.Equal(Triggers.Of(style).Order(), SampleEvents.Of(style).Keys.Order());

    [Fact]
    public void PbxStyle_IsUnderstoodByOurOwnIngest()
    {
        foreach (var (trigger, sample) in SampleEvents.Of(PayloadStyle.Pbx))
            Assert.Equal(trigger, PbxEventTypes.NameOf(PbxEventReader.Read(sample.Body, null)!.Type));
        var completed = PbxEventReader.Read(SampleEvents.Of(PayloadStyle.Pbx)["user_inbound_completed"].Body, null)!;
        Assert.Equal((66, 60, "101"), (completed.CallSeconds, completed.TalkSeconds, completed.UserNumber));
    }

    [Fact]
    public void CallEventStyle_IsTheEventItself()
    {
        var e = JsonSerializer.Deserialize(SampleEvents.Of(PayloadStyle.CallEvent)["call.ended"].Body, ContractsJson.Default.CallEvent)!;
        Assert.Equal(("sample-call-1", Contracts.Calls.CallResult.Answered), (e.CallId.Value, e.Outcome!.Result));
    }
}
