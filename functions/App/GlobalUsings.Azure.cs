// The types of the Azure Functions worker. The same list over the embedded host is in GlobalUsings.Embedded.cs; the project takes one.
global using Microsoft.Azure.Functions.Worker;
global using Microsoft.Azure.Functions.Worker.Builder;
global using Microsoft.Azure.Functions.Worker.Middleware;
global using Microsoft.DurableTask;
global using Microsoft.DurableTask.Client;
global using Microsoft.Extensions.Hosting;
// An alias outranks a using of Microsoft.AspNetCore.Mvc, which has an attribute of the same name that functions ignore.
global using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;
