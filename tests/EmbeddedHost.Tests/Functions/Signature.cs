using System.Reflection;
using System.Runtime.CompilerServices;

namespace ClickToDial.EmbeddedHost.Tests.Functions;

/// <summary>Writes members as the list of real signatures does: nullability of the outermost type only, C# names of built-in types.</summary>
internal static class Signature
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
        [typeof(byte)] = "byte",
    };

    private static readonly NullabilityInfoContext Nullability = new();

    public static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    public static string Plain(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray) return Plain(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return Plain(value) + "?";
        if (!type.IsGenericType) return type.Name;
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Plain))}>";
    }

    public static string Of(ConstructorInfo constructor) =>
        (constructor.IsPublic ? "" : "protected ") + $"ctor({Parameters(constructor)})";

    public static string Of(PropertyInfo property)
    {
        var getter = property.GetMethod is { } g && IsVisible(g) ? "get; " : "";
        var setter = property.SetMethod is { } s && IsVisible(s) ? "set; " : "";
        var type = WithNull(property.PropertyType, Nullability.Create(property).ReadState);
        return $"{Modifiers(property.GetMethod ?? property.SetMethod!)}{type} {property.Name} {{ {getter}{setter}}}";
    }

    public static string Of(MethodInfo method, bool withModifiers = true)
    {
        var type = WithNull(method.ReturnType, Nullability.Create(method.ReturnParameter).ReadState);
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Plain))}>" : "";
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{(withModifiers ? Modifiers(method) : "")}{type} {method.Name}{generic}({extension}{Parameters(method)})";
    }

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface) return "";
        var access = method.IsPublic ? "" : "protected ";
        if (method.IsStatic) return access + "static ";
        if (method.IsAbstract) return access + "abstract ";
        return access + (method is { IsVirtual: true, IsFinal: false } && method.GetBaseDefinition() == method ? "virtual " : "");
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : parameter.ParameterType.IsByRef ? "ref " : "";
        var plain = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        var type = WithNull(plain, Nullability.Create(parameter).WriteState);
        return $"{prefix}{type} {parameter.Name}{Default(parameter)}";
    }

    private static string Default(ParameterInfo parameter) => parameter switch
    {
        { HasDefaultValue: false } => "",
        { DefaultValue: null, ParameterType.IsValueType: true } => " = default",
        { DefaultValue: null } => " = null",
        { DefaultValue: string text } => $" = \"{text}\"",
        { DefaultValue: bool flag } => flag ? " = true" : " = false",
        _ => $" = {parameter.DefaultValue}",
    };

    private static string WithNull(Type type, NullabilityState state) =>
        Plain(type) + (state == NullabilityState.Nullable && !type.IsValueType ? "?" : "");
}
