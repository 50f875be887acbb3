using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Invocation;
using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace ClickToDial.EmbeddedHost.Indexing;

/// <summary>Finds the functions by reflection and refuses what the real host would refuse, or would silently do otherwise.</summary>
internal sealed partial class FunctionIndexer(IOptions<EmbeddedHostOptions> options, SettingResolver settings)
{
    public FunctionIndex Build()
    {
        var errors = new List<string>();
        var functions = new List<FunctionEntry>();
        foreach (var (method, attribute) in Methods())
            if (Read(method, attribute.Name, errors) is { } entry) functions.Add(entry);
        foreach (var twins in functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            errors.Add($"The function name '{twins.Key}' is used {twins.Count()} times.");
        functions.Sort((a, b) => string.Compare(a.Name, b.Name, StringComparison.OrdinalIgnoreCase));
        return new FunctionIndex(functions, errors);
    }

    private IEnumerable<(MethodInfo Method, FunctionAttribute Attribute)> Methods()
    {
        const BindingFlags Everything =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return from type in Types()
               from method in type.GetMethods(Everything)
               let attribute = method.GetCustomAttribute<FunctionAttribute>()
               where attribute is not null
               select (method, attribute);
    }

    private IEnumerable<Type> Types()
    {
        if (options.Value.FunctionTypes.Count > 0) return options.Value.FunctionTypes;
        var assembly = options.Value.FunctionAssembly ?? Assembly.GetEntryAssembly();
        return assembly?.GetTypes() ?? [];
    }

    private FunctionEntry? Read(MethodInfo method, string name, List<string> errors)
    {
        var before = errors.Count;
        var found = new FoundFunction(name, method);
        void Refuse(string why) => errors.Add($"Function '{name}' ({found.EntryPoint}): {why}");
        if (!NamePattern().IsMatch(name)) Refuse("the name must start with a letter and hold letters, digits, _ and - only, at most 127.");
        if (!method.IsPublic || method.DeclaringType is not { IsVisible: true }) Refuse("the method and its class must be public.");
        if (method.ContainsGenericParameters) Refuse("it must not be generic.");
        var triggers = Triggers(method);
        if (triggers.Count != 1)
        {
            Refuse($"it must have exactly one trigger, but has {triggers.Count}.");
            return null;
        }
        var (kind, attribute) = triggers[0];
        if (!Returns(method, kind)) Refuse($"it returns {method.ReturnType.Name}, which the host would not use.");
        var parameters = method.GetParameters().Select(p => ParameterPlan.For(p, kind, Refuse)).OfType<ParameterBinder>().ToList();
        if (errors.Count > before) return null;
        return new FunctionEntry(found, method, kind, attribute, parameters) { DisabledReason = settings.IsDisabled(name) ? "Disabled by a setting." : null };
    }

    private static List<(TriggerKind Kind, Attribute Attribute)> Triggers(MethodInfo method) =>
    [
        .. from parameter in method.GetParameters()
           from attribute in parameter.GetCustomAttributes()
           let kind = KindOf(attribute)
           where kind is not null
           select (kind.Value, attribute),
    ];

    public static TriggerKind? KindOf(Attribute attribute) => attribute switch
    {
        HttpTriggerAttribute => TriggerKind.Http,
        QueueTriggerAttribute => TriggerKind.Queue,
        TimerTriggerAttribute => TriggerKind.Timer,
        ServiceBusTriggerAttribute => TriggerKind.ServiceBus,
        OrchestrationTriggerAttribute => TriggerKind.Orchestration,
        ActivityTriggerAttribute => TriggerKind.Activity,
        _ => null,
    };

    /// <summary>
    /// A value that is neither IResult nor IActionResult is dropped by the real ASP.NET Core integration, and by the other
    /// triggers too unless an output binding takes it; that is never meant, so it is refused.
    /// </summary>
    private static bool Returns(MethodInfo method, TriggerKind kind)
    {
        var type = method.ReturnType;
        if (type == typeof(void)) return method.GetCustomAttribute<AsyncStateMachineAttribute>() is null;
        if (type == typeof(Task) || kind is TriggerKind.Orchestration or TriggerKind.Activity) return true;
        var value = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>) ? type.GetGenericArguments()[0] : type;
        return kind == TriggerKind.Http && (value.IsAssignableTo(typeof(IResult)) || value.IsAssignableTo(typeof(IActionResult)));
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,126}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NamePattern();
}
