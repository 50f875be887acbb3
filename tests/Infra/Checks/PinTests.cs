using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.Infra.Syntax;

namespace ClickToDial.Infra.Checks;

/// <summary>infra/scripts/pin against a peer that speaks as registries do: a token for anybody, then the digest of a manifest.</summary>
[Trait("row", "D6")]
public sealed class PinTests : IDisposable
{
    private static readonly string[] Dockerfiles = ["worker/Host/Dockerfile", "worker/ScriptRunner/Dockerfile", "infra/compose/functions.Dockerfile"];

    private readonly string _root = Directory.CreateTempSubdirectory("pin-").FullName;
    private readonly TcpListener _registry = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly Task _serving;
    private volatile string _salt = "first";
    private readonly string _address;
    private volatile bool _hasDigests = true;
    private volatile bool _refusesTokens;
    private volatile string? _refusal;

    public PinTests()
    {
        foreach (var path in (string[])["infra/scripts/pin", "infra/scripts/common.sh", "infra/scripts/deploy", .. Dockerfiles])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, path))!);
            File.Copy(Path.Combine(Templates.Root, path), Path.Combine(_root, path));
        }

        _registry.Start();
        _address = $"http://{_registry.LocalEndpoint}";
        _serving = ServeAsync();
    }

    public void Dispose()
    {
        _registry.Stop();
        _serving.Wait(TimeSpan.FromSeconds(30));
        Directory.Delete(_root, recursive: true);
    }

    [Fact(DisplayName = "D6: every base image gets the digest that its registry tells, beside its tag, and a later one in its place")]
    public async Task Every_base_image_is_pinned()
    {
        await PinAsync(0);
        var bases = Bases();
        Assert.Equal(7, bases.Count);
        Assert.All(bases, image => Assert.Equal(image.Split('@')[0] + "@" + DigestOf(Name(image), "first"), image));
        Assert.Contains("HEAD /v2/library/debian/manifests/12.15-slim Bearer token-of-library/debian", _asked);
        Assert.Contains("HEAD /v2/dotnet/sdk/manifests/10.0.401-noble Bearer token-of-dotnet/sdk", _asked);

        var first = Texts();
        await PinAsync(0);
        Assert.Equal(first, Texts());
        _salt = "second";
        await PinAsync(0);
        Assert.All(Bases(), image => Assert.EndsWith(DigestOf(Name(image), "second"), image, StringComparison.Ordinal));
        // Nothing else of the files is another.
        Assert.Equal(Texts().Select(Unpinned), Dockerfiles.Select(path => Unpinned(Templates.Text(path))));
    }

    [Fact(DisplayName = "D6: nothing is deployed from base images without a digest, and deploying writes none")]
    public async Task Unpinned_images_are_not_deployed()
    {
        foreach (var path in Dockerfiles.Select(path => Path.Combine(_root, path))) await File.WriteAllTextAsync(path, Unpinned(await File.ReadAllTextAsync(path)));
        var before = Texts();
        Assert.Contains("infra/scripts/pin and commit", await RunAsync("deploy", 1, "dev"), StringComparison.Ordinal);
        Assert.Equal(before, Texts());

        // Next come what is not committed, and what it deploys with, which is not here.
        await PinAsync(0);
        Tool("git", "echo ' M worker/Host/Dockerfile'");
        Assert.Contains("not committed", await RunAsync("deploy", 1, "dev"), StringComparison.Ordinal);
        Tool("git", "");
        Assert.Contains("az is missing", await RunAsync("deploy", 1, "dev"), StringComparison.Ordinal);
    }

    [Fact(DisplayName = "D6: where no digest can be had it is said why, and no file is changed")]
    public async Task What_went_wrong_is_said()
    {
        var before = Texts();
        _hasDigests = false;
        Assert.Contains("tells no digest of", await RunAsync("pin", 1), StringComparison.Ordinal);
        _refusal = "429 Too Many Requests";
        Assert.Contains("HTTP 429 Too Many Requests", await RunAsync("pin", 1), StringComparison.Ordinal);
        _refusesTokens = true;
        Assert.Contains("no token", await RunAsync("pin", 1), StringComparison.Ordinal);
        _registry.Stop();
        Assert.Contains("does not tell what it is", await RunAsync("pin", 1), StringComparison.Ordinal);
        Assert.Equal(before, Texts());
    }

    private void Tool(string name, string text)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "tools")).FullName, name);
        File.WriteAllText(path, "#!/bin/bash\n" + text + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Name(string image) => image.Split('@')[0].Replace("mcr.microsoft.com/", "", StringComparison.Ordinal) is var name && name.Contains('/') ? name : "library/" + name;

    private static string Unpinned(string text) => System.Text.RegularExpressions.Regex.Replace(text, "@sha256:[0-9a-f]{64}", "");

    private static string DigestOf(string nameAndTag, string salt) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(nameAndTag + salt)));

    private List<string> Texts() => [.. Dockerfiles.Select(path => File.ReadAllText(Path.Combine(_root, path)))];

    private List<string> Bases() => [.. Texts().SelectMany(text => text.Split('\n')).Where(line => line.StartsWith("ARG ", StringComparison.Ordinal) && line.Contains(':')).Select(line => line.Split('=', 2)[1])];

    private Task<string> PinAsync(int code) => RunAsync("pin", code);

    private async Task<string> RunAsync(string script, int code, params string[] arguments)
    {
        // A folder of tools without Azure's.
        var tools = Directory.CreateDirectory(Path.Combine(_root, "tools")).FullName;
        foreach (var tool in (string[])["bash", "curl", "jq", "sed", "sort", "grep", "tail", "tr", "dirname", "cat"])
        {
            var found = Array.Find(["/usr/bin/" + tool, "/bin/" + tool, "/usr/local/bin/" + tool], File.Exists);
            Assert.SkipWhen(found is null, $"{tool} is not installed.");
            if (!File.Exists(Path.Combine(tools, tool))) File.CreateSymbolicLink(Path.Combine(tools, tool), found);
        }

        var start = new ProcessStartInfo("/bin/bash", [Path.Combine(_root, "infra/scripts", script), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PATH"] = tools;
        start.Environment["CTD_YES"] = "1";
        start.Environment["CTD_REGISTRY"] = _address;
        start.Environment["NO_PROXY"] = "127.0.0.1";
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var faults = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token) + await faults;
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == code, output);
        return output;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _registry.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test has ended.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var request = (await reader.ReadLineAsync() ?? "").Split(' ');
        var authorization = "";
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
            if (header.StartsWith("Authorization: ", StringComparison.OrdinalIgnoreCase)) authorization = header["Authorization: ".Length..];
        if (request.Length < 2) return;
        _asked.Enqueue($"{request[0]} {request[1]} {authorization}");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(Answer(request[0], request[1], authorization).ReplaceLineEndings("\r\n")));
    }

    private string Answer(string method, string path, string authorization)
    {
        if (path.StartsWith("/token?", StringComparison.Ordinal))
        {
            if (_refusesTokens) return "HTTP/1.1 403 Forbidden\nContent-Length: 0\nConnection: close\n\n";
            var scope = Uri.UnescapeDataString(path.Split("scope=")[1]).Split(':')[1];
            var token = $$"""{"token":"token-of-{{scope}}"}""";
            return $"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {token.Length}\nConnection: close\n\n{token}";
        }

        var parts = path.Split("/manifests/");
        var name = parts[0]["/v2/".Length..];
        if (method != "HEAD" || authorization != $"Bearer token-of-{name}")
            return $"HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer realm=\"{_address}/token\",service=\"test\",scope=\"repository:{name}:pull\"\nContent-Length: 0\nConnection: close\n\n";
        if (_refusal is { } refusal) return $"HTTP/1.1 {refusal}\nContent-Length: 0\nConnection: close\n\n";
        return _hasDigests
            ? $"HTTP/1.1 200 OK\nDocker-Content-Digest: {DigestOf($"{name}:{parts[1]}", _salt)}\nConnection: close\n\n"
            : "HTTP/1.1 200 OK\nConnection: close\n\n";
    }
}
