using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
public sealed record CallToNumberFields(
    [property: JsonPropertyName("user_number"), JsonRequired] string UserNumber,
    [property: JsonPropertyName("number_to_call"), JsonRequired] string NumberToCall,
    [property: JsonPropertyName("caller_id")] string? CallerId);
