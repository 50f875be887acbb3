using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClickToDial.EmbeddedHost.Settings;

[JsonSourceGenerationOptions(
    PropertyNameCaseInsensitive = true, AllowTrailingCommas = true, ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(LocalSettingsFile.Content))]
internal sealed partial class LocalSettingsJson : JsonSerializerContext;
