using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClickToDial.Conformance.Rfc4475;

public enum TortureOutcome
{
    /// <summary>Reaches the handler of the endpoint.</summary>
    Delivered,

    /// <summary>The stack answers by itself.</summary>
    Answered,

    /// <summary>Neither.</summary>
    Dropped,
}

/// <summary>One line of the manifest: what has to become of one message of the RFC, and why.</summary>
public sealed record TortureMessage(
    string File,
    string Section,
    TortureOutcome Outcome,
    string Why,
    string? Method = null,
    string? Defect = null,
    int? Status = null,
    int? BodyBytes = null,
    int? Contacts = null,
    string? Unsupported = null,
    bool IsResponse = false,
    bool Garbage = false,
    string? KnownGap = null)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNameCaseInsensitive = true,
        Converters = { new JsonStringEnumConverter() },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static IReadOnlyList<TortureMessage> All { get; } =
        JsonSerializer.Deserialize<List<TortureMessage>>(System.IO.File.ReadAllBytes(PathOf("manifest.json")), Format)!;

    public static string Folder { get; } = PathOf("messages");

    public byte[] Bytes => System.IO.File.ReadAllBytes(Path.Combine(Folder, File + ".dat"));

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Rfc4475", name);
}
