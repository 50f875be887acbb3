using System.Reflection;
using System.Runtime.CompilerServices;

namespace ClickToDial.EmbeddedHost.Tests.Functions;

/// <summary>A public type of ours in the words of the list of real signatures, under the real namespace.</summary>
/// <param name="Kind">Such as "sealed class".</param>
internal sealed record DescribedType(string FullName, string Kind, IReadOnlyList<string> Bases, IReadOnlyList<string> Members)
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static DescribedType Of(Type type, string realNamespace) => new(
        $"{realNamespace}.{Signature.Plain(type)}", KindOf(type), [.. BasesOf(type)], [.. MembersOf(type)]);

    private static string KindOf(Type type)
    {
        if (type.IsEnum) return "enum";
        if (type.IsInterface) return "interface";
        if (type.IsSubclassOf(typeof(MulticastDelegate))) return "sealed delegate";
        if (type is { IsAbstract: true, IsSealed: true }) return "static class";
        if (type.IsValueType) return "struct";
        if (IsRecord(type)) return "record";
        return type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
    }

    private static IEnumerable<string> BasesOf(Type type)
    {
        if (type.IsEnum || type.IsSubclassOf(typeof(MulticastDelegate))) return [];
        var own = type.GetInterfaces().Except(type.GetInterfaces().SelectMany(i => i.GetInterfaces())).Except(type.BaseType?.GetInterfaces() ?? []);
        var parent = type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) ? [Signature.Plain(b)] : Array.Empty<string>();
        return parent.Concat(own.Where(i => !IsEquality(type, i)).Select(Signature.Plain));
    }

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    /// <summary>Records and structs say that they equal their like; the list leaves that out.</summary>
    private static bool IsEquality(Type type, Type of) => of.IsGenericType && of.GetGenericTypeDefinition() == typeof(IEquatable<>) && (IsRecord(type) || type.IsValueType);

    /// <summary>ToString, equality and what the compiler adds to records are not listed.</summary>
    private static bool IsOfEveryValue(Type type, MethodInfo method) =>
        method.Name is nameof(ToString) or nameof(Equals) or nameof(GetHashCode) || (IsRecord(type) && method.Name is "<Clone>$" or "PrintMembers");

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum) return Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt32(Enum.Parse(type, n))}");
        if (type.IsSubclassOf(typeof(MulticastDelegate))) return [Signature.Of(type.GetMethod("Invoke")!, withModifiers: false)];
        var constructors = type.GetConstructors(Declared).Where(Signature.IsVisible).Where(c => !c.IsStatic).Select(Signature.Of);
        var properties = type.GetProperties(Declared).Where(p => Signature.IsVisible(p.GetMethod ?? p.SetMethod!))
            .Where(p => !IsRecord(type) || p.Name != "EqualityContract").Select(Signature.Of);
        var methods = type.GetMethods(Declared)
            .Where(m => Signature.IsVisible(m) && !m.IsSpecialName && !IsOfEveryValue(type, m)).Select(m => Signature.Of(m));
        var fields = type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily).Select(f => $"field {f.Name}");
        return constructors.Concat(properties).Concat(methods).Concat(fields);
    }
}
