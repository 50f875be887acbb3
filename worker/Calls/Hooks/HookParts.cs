using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Secrets;
using ClickToDial.Calls.Trunks;
using ClickToDial.Contracts.Directory;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Hooks;

/// <summary>Everything that asks hooks, made once for a worker.</summary>
internal sealed class HookParts : IAsyncDisposable
{
    private readonly HookServices _services;
    private readonly HookNews _events;
    private readonly ILoggerFactory _logs;

    /// <param name="http">Must not follow redirects, and has no time limit of its own.</param>
    /// <param name="functions">Base address of the functions.</param>
    /// <param name="toClient">Takes what browsers are told; null where nobody tells them.</param>
    /// <param name="secret">In place of the one of the options, where that may be replaced.</param>
    public HookParts(
        HttpClient http, IDirectory directory, Uri functions, string nodeId, HookOptions options, TimeProvider time, ILoggerFactory logs,
        Action<ClientNews>? toClient = null, LiveSecret? secret = null)
    {
        var timeout = TimeSpan.FromSeconds(options.TimeoutSeconds);
        var client = new HookClient(http, time, logs.CreateLogger<HookClient>());
        var target = options.Secret.Length > 0 ? new HookTarget(new Uri(functions, "internal/hooks"), HookSigning.StandardWebhooks, options.Secret, timeout) { Changing = secret } : null;
        _services = new HookServices(client, new HookBodies(nodeId, options.AppKey), new HookSessions(time), target, directory, timeout);
        _events = new HookNews(client, toClient ?? (_ => { }), logs.CreateLogger<HookNews>());
        _logs = logs;
        Phones = new PhoneGuard(_services, new PhoneAllowance(options.UnansweredCallsPerHour, time), logs.CreateLogger<PhoneGuard>());
    }

    /// <summary>Asks about numbers that phones dial.</summary>
    public PhoneGuard Phones { get; }

    public HookSessions Sessions => _services.Sessions;

    /// <param name="byToken">Decides by the token alone; it is asked first.</param>
    public IBrowserHooks Browsers(IBrowserHooks byToken) => new RestBrowserHooks(byToken, _services, _events, _logs.CreateLogger<RestBrowserHooks>());

    public IIncomingRouting Incoming(IIncomingRouting inner) => new HookedRouting(inner, _services, Phones, _events);

    public ValueTask DisposeAsync() => _events.DisposeAsync();
}
