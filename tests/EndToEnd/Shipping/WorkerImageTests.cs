using System.Globalization;
using ClickToDial.Contracts.Directory;
using ClickToDial.Sip.Messages;
using ClickToDial.TestKit.Network;
using ClickToDial.TestKit.Peers;
using ClickToDial.TestKit.Phones;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Shipping;

/// <summary>The worker from what its image holds.</summary>
[Trait("row", "D6")]
public sealed class WorkerImageTests : IAsyncDisposable
{
    private const long MostBytes = 250_000_000;

    // Debian's slim image, unpacked.
    private const long BaseBytes = 80_000_000;

    private readonly Dockerfile _image = new("worker/Host/Dockerfile");
    private readonly string _folder = Directory.CreateTempSubdirectory("image-test-").FullName;
    private readonly PortBlock _ports = PortBlock.Take();

    [Fact(DisplayName = "D6: the worker's image holds what it needs: health, OPTIONS and SRTP from its own files, read-only, as nobody")]
    public async Task The_worker_runs_from_its_image()
    {
        var root = Root();
        // The one optional part: tracing by LTTng, which is switched on by whoever installs it.
        Assert.DoesNotContain(root.Unresolved(), lacking => !lacking.Contains("liblttng-ust", StringComparison.Ordinal));
        var user = DirectoryOf.User("101", null, DirectoryOf.Device("101", "image.test", "secret"));
        await using var functions = await FunctionsPeer.StartAsync(new DirectorySnapshot([DirectoryOf.Domain("image.test", user)], []), _ports.Next());
        var settings = new WorkerSettings(functions.Url, "control-token-of-the-test", functions.WorkerToken, functions.PbxToken, _folder, _ports)
        {
            More = new Dictionary<string, string?> { ["Worker__StateFolder"] = "/state" },
        };
        var state = Directory.CreateDirectory(Path.Combine(_folder, "state")).FullName;
        await using var worker = settings.Part(root.Program(settings.Program, state));
        await worker.StartAsync();

        Assert.Equal(0, root.CheckHealth(worker.Process.Id, new Dictionary<string, string> { ["Worker__ControlUrl"] = settings.ControlUrl.ToString() }));
        Assert.Equal(1, root.CheckHealth(worker.Process.Id, new Dictionary<string, string> { ["Worker__ControlUrl"] = $"http://127.0.0.1:{_ports.Next()}" }));
        await using (var phone = await Phone.RegisteredAsync(new PhoneSettings(new(System.Net.IPAddress.Loopback, settings.SipPort), "image.test", "101", "secret", 440)))
            Assert.Equal(200, await phone.AskAsync(SipMethod.Options));
        AssertConfined(worker.Process.Id);
        Assert.True(root.Added + BaseBytes < MostBytes, $"The image adds {root.Added:N0} bytes to its base.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{root.Added / 1_000_000} MB beyond the base image");

        Assert.Equal(0, await worker.Process.TerminateAsync());
        Assert.True(File.Exists(Path.Combine(state, "registrations.jsonl")));
    }

    [Fact(DisplayName = "D6: the worker's image is pinned, has a health check and is nobody's")]
    public void The_image_is_as_it_must_be()
    {
        Assert.All(_image.Bases, image => Assert.Matches(@"^[a-z0-9./-]+:\d+\.\d+[a-z0-9.-]*@sha256:[0-9a-f]{64}$", image));
        Assert.Equal(["ca-certificates", "libssl3", "libsrtp2-1", "libopus0"], _image.Packages);
        Assert.Equal("10001:10001", _image.User);
        Assert.Equal("SIGTERM", _image.Of("STOPSIGNAL").Single());
        Assert.NotEmpty(_image.HealthCheck);
    }

    public async ValueTask DisposeAsync()
    {
        _ports.Dispose();
        Directory.Delete(_folder, recursive: true);
        await Task.CompletedTask;
    }

    private ImageRoot Root()
    {
        Assert.SkipWhen(ImageRoot.WhyNot is not null, ImageRoot.WhyNot ?? "");
        var app = Path.Combine(_folder, "app");
        var (code, said) = ImageRoot.Run("dotnet", [
            "publish", Path.Combine(Product.RepositoryRoot, "worker/Host/ClickToDial.Worker.csproj"), "-c", Product.Configuration, "--no-build", "-p:DebugType=none", "-o", app]);
        Assert.True(code == 0, said);
        var root = new ImageRoot(_image, Directory.CreateDirectory(Path.Combine(_folder, "root")).FullName);
        var lacking = root.Build(new Dictionary<string, Func<string, string>> { ["build"] = _ => app, ["dotnet"] = _ => Runtime() });
        Assert.SkipWhen(lacking is not null, lacking ?? "");
        return root;
    }

    // The two frameworks that the runtime image has, of the version these tests run with.
    private string Runtime()
    {
        var mine = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var taken = Path.Combine(_folder, "dotnet");
        foreach (var part in new[] { "host/fxr", "shared/Microsoft.NETCore.App", "shared/Microsoft.AspNetCore.App" })
        {
            Directory.CreateDirectory(Path.Combine(taken, part));
            var newest = new DirectoryInfo(Path.Combine(mine, part)).GetDirectories().MaxBy(d => d.Name, StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering))!;
            Assert.Equal(0, ImageRoot.Run("cp", ["-a", newest.FullName, Path.Combine(taken, part)]).Code);
        }
        return taken;
    }

    private static void AssertConfined(int process)
    {
        var status = File.ReadAllLines($"/proc/{process}/status");
        Assert.Contains("Uid:\t10001\t10001\t10001\t10001", status);
        Assert.Contains("CapEff:\t0000000000000000", status);
        Assert.Contains("NoNewPrivs:\t1", status);
        Assert.Contains("/usr/lib/x86_64-linux-gnu/libsrtp2.so.1", File.ReadAllText($"/proc/{process}/maps").Replace("/root/lib/", "/root/usr/lib/", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(File.ReadAllLines($"/proc/{process}/mountinfo"), line => line.Contains("/image-test-", StringComparison.Ordinal) && line.Contains(" ro,", StringComparison.Ordinal));
    }
}
