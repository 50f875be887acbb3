using System.Text;
using ClickToDial.TestKit.Events;
using ClickToDial.TestKit.Time;
using ClickToDial.Worker.Configuration;
using ClickToDial.Worker.Lifetime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Worker.Tests.Lifetime;

/// <summary>A worker that says where it is, to somebody who answers what the functions do not.</summary>
[Trait("row", "D6")]
public sealed class AnnouncerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("announcer-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory(DisplayName = "D6: an odd answer to where a worker is counts as none, and the worker says it again and at last that it goes")]
    [InlineData("text/html; charset=windows-1252", "<html>Sign in</html>")]
    [InlineData("application/json; charset=nonsense", """{"urls":[]}""")]
    [InlineData("application/json", """{"urls":5}""")]
    [InlineData("application/json", "")]
    public async Task Odd_answer_is_none(string type, string body)
    {
        var said = new EventLog<string>("what was said");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var functions = builder.Build();
        functions.Urls.Add("http://127.0.0.1:0");
        functions.MapFallback(async http =>
        {
            said.Append(http.Request.Method);
            http.Response.ContentType = type;
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
        });
        await functions.StartAsync();
        var clock = new ManualTimeProvider();
        var log = new Heard();
        await using (var announcer = new Announcer(SettingsFor(functions.Urls.First()), fellows: null, clock, log))
        {
            await log.Warned.Task.WaitAsync(Patience.Step);
        }

        Assert.Equal(["PUT", "DELETE"], said.Snapshot());
    }

    private WorkerSettings SettingsFor(string functions) => WorkerSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Worker:FunctionsUrl"] = functions,
            ["Worker:StateFolder"] = _folder,
            ["Worker:AnnounceUrl"] = "http://10.0.0.4:8080",
            ["Worker:ControlToken"] = "control-token-of-the-test",
            ["Worker:WorkerToken"] = "worker-token-of-the-test",
            ["Worker:PbxToken"] = "pbx-token-of-the-test",
            ["Sip:BindAddress"] = "127.0.0.1",
            ["Media:BindAddress"] = "127.0.0.1",
        }).Build(),
        out var errors) ?? throw new InvalidOperationException(string.Join(' ', errors));

    private sealed class Heard : ILogger<Announcer>
    {
        public TaskCompletionSource Warned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 6022) Warned.TrySetResult();
        }
    }
}
