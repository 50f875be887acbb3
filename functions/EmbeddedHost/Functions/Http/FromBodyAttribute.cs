namespace ClickToDial.EmbeddedHost.Functions.Http;

/// <summary>
/// Binds the parameter to the JSON body of the request. A body that is absent or does not fit fails the invocation (500, as on
/// the real host): a function that owes its caller a 400 reads <c>HttpRequest.Body</c> itself.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class FromBodyAttribute : Attribute;
