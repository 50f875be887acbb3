using ClickToDial.EmbeddedHost.Indexing;
using Microsoft.Extensions.Hosting;

namespace ClickToDial.EmbeddedHost.Runtime;

/// <summary>A background service that watches for one kind of trigger.</summary>
internal interface ITriggerListener : IHostedService
{
    /// <summary>Reads the settings of its functions before anything starts, and adds what is wrong with them.</summary>
    void Prepare(FunctionIndex index, ICollection<string> errors);
}
