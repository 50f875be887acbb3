namespace ClickToDial.EmbeddedHost.Functions;

/// <summary>A function as it was found in the assembly.</summary>
public abstract class FunctionDefinition
{
    /// <summary>Full name of the method.</summary>
    public abstract string EntryPoint { get; }

    public abstract string Id { get; }

    public abstract string Name { get; }

    public abstract string PathToAssembly { get; }
}
