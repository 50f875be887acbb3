using System.Text.Json;
using System.Text.Json.Serialization;
using ClickToDial.Contracts.Directory;
using ClickToDial.Core.Links;

namespace ClickToDial.Core.Directory;

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Seed))]
[JsonSerializable(typeof(SeedPolicy))]
[JsonSerializable(typeof(DomainHooks))]
[JsonSerializable(typeof(LinkSettings))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
public sealed partial class SeedJson : JsonSerializerContext;
