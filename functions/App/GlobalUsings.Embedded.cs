// The types of the embedded host. The same list over Microsoft's packages is in GlobalUsings.Azure.cs; the project takes one.
global using ClickToDial.EmbeddedHost.Durable;
global using ClickToDial.EmbeddedHost.Durable.Client;
global using ClickToDial.EmbeddedHost.Functions;
global using ClickToDial.EmbeddedHost.Functions.Builder;
global using ClickToDial.EmbeddedHost.Functions.Hosting;
global using ClickToDial.EmbeddedHost.Functions.Middleware;
global using Microsoft.Extensions.Hosting;
// An alias outranks a using of Microsoft.AspNetCore.Mvc, which has an attribute of the same name that functions ignore.
global using FromBodyAttribute = ClickToDial.EmbeddedHost.Functions.Http.FromBodyAttribute;
