using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClickToDial.Core.Directory;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Seed))]
[JsonSerializable(typeof(SeedPolicy))]
public sealed partial class SeedJson : JsonSerializerContext;
