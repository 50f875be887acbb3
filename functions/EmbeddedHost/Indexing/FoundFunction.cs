using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.EmbeddedHost.Functions;

namespace ClickToDial.EmbeddedHost.Indexing;

/// <summary>The public description of a function; its id stays the same from run to run.</summary>
internal sealed class FoundFunction(string name, MethodInfo method) : FunctionDefinition
{
    public override string EntryPoint { get; } = $"{method.DeclaringType?.FullName}.{method.Name}";

    public override string Id { get; } =
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}|{method.DeclaringType?.FullName}.{method.Name}"))[..8]);

    public override string Name { get; } = name;

    public override string PathToAssembly { get; } = method.Module.Assembly.Location;
}
