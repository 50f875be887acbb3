using System.Collections.Concurrent;
using ClickToDial.TestKit.Network;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClickToDial.TestKit.Azure.Tables;

/// <summary>
/// A test peer for tables of a size that Azurite cannot keep: a table service on a port of loopback that lists the rows of the tables
/// given to it and has Azurite, if there is one, answer everything else. Nothing for production: such a table can only be listed, by
/// filters of keys, and no signature is checked.
/// </summary>
/// <param name="behind">The table endpoint of an Azurite, or null where nothing else is asked for.</param>
public sealed class LargeTables(Uri? behind = null) : IAsyncDisposable
{
    private const string Account = "devstoreaccount1";
    private readonly ConcurrentDictionary<string, LargeTable> _tables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Forwarder? _forwarder = behind is null ? null : new Forwarder(behind);
    private readonly int _port = PortBlock.NextOfProcess();
    private WebApplication? _app;
    private long _requests;
    private long _given;
    private long _looked;

    public Uri Endpoint => new($"http://127.0.0.1:{_port}/{Account}");

    /// <summary>What was asked of the tables here.</summary>
    public LargeReads Reads => new(Interlocked.Read(ref _requests), Interlocked.Read(ref _given), Interlocked.Read(ref _looked));

    public void Add(string name, LargeTable table) => _tables[name] = table;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_port}");
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        _forwarder?.Dispose();
    }

    private Task AnswerAsync(HttpContext http)
    {
        var resource = http.Request.Path.Value!.Split('/', 3) is [_, Account, var last] ? last : "";
        var name = resource.Split('(')[0];
        if (!_tables.TryGetValue(name, out var table)) return _forwarder?.AnswerAsync(http) ?? RefuseAsync(http, 404, "TableNotFound", name);
        if (resource.EndsWith("()", StringComparison.Ordinal) && http.Request.Method == HttpMethods.Get) return ListAsync(http, table);
        return RefuseAsync(http, 501, "NotImplemented", $"{http.Request.Method} {resource}: this table can only be listed.");
    }

    private async Task ListAsync(HttpContext http, LargeTable table)
    {
        LargeTable.Page page;
        try
        {
            page = table.Read(LargeFilter.Parse(http.Request.Query["$filter"]), LargeAnswer.Top(http.Request), LargeAnswer.From(http.Request));
        }
        catch (NotSupportedException e)
        {
            await RefuseAsync(http, 501, "NotImplemented", e.Message);
            return;
        }

        Interlocked.Increment(ref _requests);
        Interlocked.Add(ref _given, page.Rows.Count);
        Interlocked.Add(ref _looked, page.Looked);
        await LargeAnswer.WriteAsync(http, table, page);
    }

    private static Task RefuseAsync(HttpContext http, int status, string code, string why)
    {
        http.Response.StatusCode = status;
        http.Response.Headers["x-ms-error-code"] = code;
        return http.Response.WriteAsync(why);
    }
}
