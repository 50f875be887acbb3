using System.Text.Json;
using System.Text.Json.Serialization;
using ClickToDial.Contracts.Directory;

namespace ClickToDial.Core.Directory;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Seed))]
[JsonSerializable(typeof(SeedPolicy))]
[JsonSerializable(typeof(DomainHooks))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
public sealed partial class SeedJson : JsonSerializerContext;
