namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>Marks a public method as a function; the name is unique in the app, whatever its case.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
