using System.Reflection;

namespace ClickToDial.EmbeddedHost.Invocation;

/// <summary>Calls the method of a function and awaits what it returns.</summary>
internal static class FunctionCall
{
    public static async Task<object?> InvokeAsync(MethodInfo method, object? instance, object?[] arguments)
    {
        var returned = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
        if (returned is not Task task) return returned;
        await task;
        // A Task that is no Task<T> by its signature may still be one of VoidTaskResult at run time.
        return method.ReturnType.IsGenericType ? task.GetType().GetProperty(nameof(Task<>.Result))?.GetValue(task) : null;
    }
}
