using ClickToDial.EmbeddedHost.Functions;
using Microsoft.AspNetCore.Http;

// Types that differ from the real ones in one way each, to show that the comparison sees it.
namespace ClickToDial.EmbeddedHost.Tests.Functions.Fakes;

[AttributeUsage(AttributeTargets.Method)]
public sealed class UnheardOfAttribute : Attribute;

public class TimerInfo
{
    public bool IsPastDue { get; set; }

    public string? Extra { get; }
}

[AttributeUsage(AttributeTargets.Method)]
public class FunctionAttribute(string name, int level) : Attribute
{
    public string Name { get; } = name + level;
}

public class ScheduleStatus
{
    public DateTime? Next { get; set; }
}

[AttributeUsage(AttributeTargets.Parameter)]
public class QueueTriggerAttribute(string queueName) : Attribute
{
    public string QueueName { get; } = queueName;
}

public enum AuthorizationLevel
{
    Anonymous = 0,
    Guest = 5,
}

public abstract class FunctionDefinition : ICloneable
{
    public abstract object Clone();
}

public static class FunctionContextExtensions
{
    public static HttpContext? GetHttpContext(this FunctionContext context, bool really = false) => really ? new DefaultHttpContext() : null;
}
