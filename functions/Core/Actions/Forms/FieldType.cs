using System.Text.Json.Serialization;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>The fourteen kinds of a field of a form (C6).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FieldType>))]
public enum FieldType
{
    [JsonStringEnumMemberName("input")] Input,
    [JsonStringEnumMemberName("textarea")] Textarea,
    [JsonStringEnumMemberName("number")] Number,
    [JsonStringEnumMemberName("radio")] Radio,
    [JsonStringEnumMemberName("checkbox")] Checkbox,
    [JsonStringEnumMemberName("select")] Select,
    [JsonStringEnumMemberName("time")] Time,
    [JsonStringEnumMemberName("date")] Date,
    [JsonStringEnumMemberName("rate")] Rate,
    [JsonStringEnumMemberName("color")] Color,
    [JsonStringEnumMemberName("switch")] Switch,
    [JsonStringEnumMemberName("slider")] Slider,

    /// <summary>Shown, not filled in.</summary>
    [JsonStringEnumMemberName("text")] Text,

    /// <summary>Shown, not filled in; cleaned before it is shown.</summary>
    [JsonStringEnumMemberName("html")] Html,
}
