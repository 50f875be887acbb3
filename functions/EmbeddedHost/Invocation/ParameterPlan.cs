using System.Reflection;
using System.Text.Json;
using ClickToDial.EmbeddedHost.Durable;
using ClickToDial.EmbeddedHost.Durable.Client;
using ClickToDial.EmbeddedHost.Durable.Engine;
using ClickToDial.EmbeddedHost.Functions;
using ClickToDial.EmbeddedHost.Functions.Http;
using ClickToDial.EmbeddedHost.Http;
using ClickToDial.EmbeddedHost.Indexing;
using ClickToDial.EmbeddedHost.Queues;
using ClickToDial.EmbeddedHost.ServiceBusTriggers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClickToDial.EmbeddedHost.Invocation;

/// <summary>Decides at start how a parameter is filled at every call; refuses what the real host would leave null.</summary>
internal static class ParameterPlan
{
    public static ParameterBinder? For(ParameterInfo parameter, TriggerKind kind, Action<string> refuse)
    {
        var type = parameter.ParameterType;
        if (type == typeof(FunctionContext)) return context => new ValueTask<object?>(context);
        if (type == typeof(CancellationToken)) return context => new ValueTask<object?>(context.CancellationToken);
        if (parameter.IsDefined(typeof(DurableClientAttribute))) return Client(parameter, refuse);
        if (parameter.GetCustomAttributes().Any(a => FunctionIndexer.KindOf(a) is not null)) return Trigger(parameter, kind, refuse);
        if (parameter.IsDefined(typeof(FromBodyAttribute))) return Body(parameter, kind, refuse);
        if (type == typeof(HttpRequest) && kind == TriggerKind.Http) return HttpBinding.Request;
        if (type == typeof(HttpContext) || type == typeof(HttpResponse))
        {
            refuse($"'{parameter.Name}': the real host leaves {type.Name} null; take HttpRequest or FunctionContext.GetHttpContext().");
            return null;
        }
        return kind == TriggerKind.Orchestration ? DurableBinding.OrchestrationInput(type) : FromBindingData(parameter);
    }

    private static ParameterBinder? Client(ParameterInfo parameter, Action<string> refuse)
    {
        if (parameter.ParameterType == typeof(DurableTaskClient)) return DurableBinding.Client;
        refuse($"'{parameter.Name}': [DurableClient] binds DurableTaskClient.");
        return null;
    }

    private static ParameterBinder? Trigger(ParameterInfo parameter, TriggerKind kind, Action<string> refuse)
    {
        if (parameter.IsDefined(typeof(FromBodyAttribute))) return Body(parameter, kind, refuse);
        switch (kind)
        {
            case TriggerKind.Http when parameter.ParameterType == typeof(HttpRequest):
                return HttpBinding.Request;
            case TriggerKind.Http:
                refuse($"'{parameter.Name}': an HTTP trigger binds HttpRequest, or a type marked [FromBody].");
                return null;
            case TriggerKind.Queue:
                return QueueBinding.For(parameter.ParameterType, parameter.Name ?? "");
            case TriggerKind.Timer when parameter.ParameterType == typeof(TimerInfo):
                return context => new ValueTask<object?>(context.TriggerValue);
            case TriggerKind.Orchestration when parameter.ParameterType == typeof(TaskOrchestrationContext):
                return DurableBinding.Context;
            case TriggerKind.Activity:
                return DurableBinding.ActivityInput(parameter.ParameterType);
            case TriggerKind.ServiceBus:
                return ServiceBusBinding.For(parameter.ParameterType, parameter.Name ?? "");
            default:
                refuse($"'{parameter.Name}': {kind} triggers do not bind {parameter.ParameterType.Name}.");
                return null;
        }
    }

    private static ParameterBinder? Body(ParameterInfo parameter, TriggerKind kind, Action<string> refuse)
    {
        if (kind == TriggerKind.Http) return context => HttpBinding.BodyAsync(context, parameter.ParameterType);
        refuse($"'{parameter.Name}': [FromBody] belongs to HTTP triggers.");
        return null;
    }

    private static ParameterBinder FromBindingData(ParameterInfo parameter)
    {
        var name = parameter.Name ?? "";
        var type = parameter.ParameterType;
        var mayBeAbsent = !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;
        return context =>
        {
            if (context.BindingContext.BindingData.TryGetValue(name, out var value) && value is string text)
                return new ValueTask<object?>(TextConverter.Convert(text, type, Json(context), name));
            if (parameter.HasDefaultValue) return new ValueTask<object?>(parameter.DefaultValue);
            if (mayBeAbsent) return new ValueTask<object?>((object?)null);
            throw new BindingException($"There is no value for '{name}'; give it a default or make it nullable.");
        };
    }

    public static JsonSerializerOptions Json(InvocationContext context) =>
        context.InstanceServices.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
}
