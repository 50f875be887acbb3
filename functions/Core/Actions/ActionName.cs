using System.Text.Json.Serialization;

namespace ClickToDial.Core.Actions;

/// <summary>What a step of a chain may do (C8).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ActionName>))]
public enum ActionName
{
    [JsonStringEnumMemberName("answerCall")] AnswerCall,
    [JsonStringEnumMemberName("endCall")] EndCall,

    /// <summary>Dials <c>alt_phone</c> or <c>phone_code</c> of the current campaign entry.</summary>
    [JsonStringEnumMemberName("makeCall")] MakeCall,
    [JsonStringEnumMemberName("openForm")] OpenForm,
    [JsonStringEnumMemberName("redirect")] Redirect,
    [JsonStringEnumMemberName("toggleMic")] ToggleMic,

    /// <summary>Keeps the decision Yes, No or Unknown for the current campaign entry.</summary>
    [JsonStringEnumMemberName("save")] Save,

    /// <summary>Loads the next campaign entry.</summary>
    [JsonStringEnumMemberName("next")] Next,
}
