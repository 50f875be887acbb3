using System.Text.Json.Nodes;

namespace ClickToDial.Core.Actions.Forms;

/// <summary>A change of one field that a script asks for in <c>__.formSchema</c>: only the settings it names change.</summary>
/// <param name="Settings">As written, in the wire's names.</param>
public sealed record FieldPatch(string Name, JsonObject Settings)
{
    /// <summary>The patches, or what is wrong, for the author of the script.</summary>
    public static (IReadOnlyList<FieldPatch> Patches, string? Fault) ReadAll(JsonNode? node)
    {
        if (node is null) return ([], null);
        if (node is not JsonArray list || list.Count > FormDefinition.MostFields) return ([], $"__.formSchema must be a list of at most {FormDefinition.MostFields}.");
        var patches = new List<FieldPatch>(list.Count);
        foreach (var item in list)
        {
            if (item is not JsonObject settings || FieldReader.Text(settings["name"]) is not { } name) return ([], "Every item of __.formSchema must be an object with a name.");
            patches.Add(new FieldPatch(name, (JsonObject)settings.DeepClone()));
        }
        return (patches, null);
    }

    /// <summary>
    /// The fields with the patches laid over them: a field of the name gets the settings that are given, an unknown name becomes a
    /// field at the end. The result is checked like any form.
    /// </summary>
    public static (IReadOnlyList<FormField>? Fields, string? Fault) Apply(IReadOnlyList<FormField> fields, IReadOnlyList<FieldPatch> patches)
    {
        if (patches.Count == 0) return (fields, null);
        var written = fields.Select(FieldWriter.Write).ToList();
        foreach (var patch in patches)
        {
            var at = written.Find(field => FieldReader.Text(field["name"]) == patch.Name);
            if (at is null) written.Add((JsonObject)patch.Settings.DeepClone());
            else
                foreach (var (name, value) in patch.Settings)
                    at[name] = value?.DeepClone();
        }
        return FieldReader.ReadAll(new JsonArray([.. written]));
    }
}
