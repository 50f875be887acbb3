using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ClickToDial.Infra.Syntax;

namespace ClickToDial.Infra.Checks;

/// <summary>infra/scripts/rotate with a folder in place of the vault: whatever breaks it off, what is shown is what is taken.</summary>
[Trait("row", "D6")]
public sealed class RotateTests : IDisposable
{
    private const string Key = "directory-encryption-key";
    private const string Killed = "KILL_IN_SLEEP=1";

    private static readonly string[] Names = ["worker-control-token", "worker-token", "worker-pbx-token", "hook-secret", "session-signing-key", Key, "script-runner-token"];

    private readonly string _root = Directory.CreateTempSubdirectory("rotate-").FullName;

    public RotateTests()
    {
        foreach (var tool in (string[])["bash", "jq", "openssl", "sed", "sha256sum"])
            Assert.SkipUnless(Array.Exists(["/usr/bin/" + tool, "/bin/" + tool, "/usr/local/bin/" + tool], File.Exists), $"{tool} is not installed.");
        Directory.CreateDirectory(Path.Combine(_root, "vault"));
        // Two pages of names, as a vault has them; a value is put as it came.
        Tool("az", """
            [ -z "${NO_ANSWER:-}" ] || [ "$1" != rest ] || exit 1
            case "$*" in
              *"--query id"*) echo subscription ;;
              *functionsUrl*) echo http://functions.test ;;
              *vaultName*) echo vault ;;
              "rest --method get"*)
                for file in "$VAULT"/*; do [ ! -e "$file" ] || jq --arg name "${file##*/}" --argjson updated "${UPDATED:-0}" '{name: $name, tags: .tags, properties: {attributes: {updated: $updated}}}' "$file"; done |
                  jq -s --arg url "$5" 'if $url | endswith("page=2") then {value: .[5:]} else {value: .[:5], nextLink: ($url + "&page=2")} end' ;;
              "rest --method put"*) name=${5##*/}; cp "${7#@}" "$VAULT/${name%%\?*}" ;;
            esac
            """);
        // The functions as they are once they have sealed everything with the shown key, unless it is said otherwise.
        Tool("curl", """
            [ "$4" = http://functions.test/healthz ] || [ "$5" = http://functions.test/healthz ] || exit 3
            key=${SEALED_WITH:-$(jq -r .properties.value "$VAULT/directory-encryption-key" | cut -d: -f1)}
            printf '{"dependencies":{"secrets":"%s"},"sealing":{"key":"%s","state":"%s","rows":3,"unreadable":1}}' "${WORD:-up}" "$key" "${SEALING:-done}"
            """);
        Tool("sleep", """
            [ -z "${KILL_IN_SLEEP:-}" ] || kill -9 $PPID
            [ -z "${OTHER_RUN:-}" ] || for file in "$VAULT"/worker-token-[ab]; do jq '.tags.run = "other"' "$file" >"$TMP_FILE" && cp "$TMP_FILE" "$file"; done
            """);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact(DisplayName = "D6: a rotation that is broken off, and then run again, never withdraws what is shown")]
    public async Task Broken_off_loses_nothing()
    {
        await RunAsync(0, "--missing");
        for (var round = 0; round < 2; round++)
        {
            var shown = Names.ToDictionary(name => name, name => Value(name));
            await RunAsync(137, "all", Killed);
            await RunAsync(137, "hook-secret", Killed);
            Assert.All(Names, name => Assert.Equal(shown[name], Value(name)));
            Assert.All(Names, IsTaken);

            await RunAsync(0, "all");
            Assert.All(Names, name => IsTaken(name, shown[name]));
            Assert.All(Names, IsTaken);
            Assert.All(Names.Except([Key]), name => Assert.NotEqual(shown[name], Value(name)));
        }
    }

    [Fact(DisplayName = "D6: the encryption key is replaced again and again, and its last value goes only once no row needs it")]
    public async Task Sealing_key_is_not_lost()
    {
        await RunAsync(0, "--missing");
        var keys = new List<string> { Value(Key) };
        for (var round = 0; round < 2; round++)
        {
            // The first time there is no last value that could be lost.
            if (round > 0) await RefusesAsync(keys[^1], keys[^2]);
            await RunAsync(137, Key, Killed);
            Assert.Equal(keys[^1], Value(Key));
            IsTaken(Key);
            await RunAsync(0, Key, "SEALING=done");
            IsTaken(Key, keys[^1]);
            IsTaken(Key);
            keys.Add(Value(Key));
        }

        Assert.Equal(keys.Count, keys.Select(key => key.Split(':')[0]).Distinct().Count());
        await RunAsync(0, Key, "SEALING=unreadable", "CTD_FORGET=1");
        Assert.DoesNotContain(keys[^2], new[] { Value(Key), Value(Key + "-a"), Value(Key + "-b") });
        IsTaken(Key, keys[^1]);
    }

    private async Task RefusesAsync(string shown, string last)
    {
        foreach (var (word, said) in new[] { ("working", "3 rows are still sealed"), ("unreadable", "event 1082"), ("waiting", "do not say"), ("nonsense", "do not say") })
            Assert.Contains(said, await RunAsync(1, Key, "SEALING=" + word), StringComparison.Ordinal);
        // Done with the key before: nothing is known of this one.
        Assert.Contains("do not say", await RunAsync(1, Key, "SEALED_WITH=" + last.Split(':')[0]), StringComparison.Ordinal);
        Assert.Equal(shown, Value(Key));
        IsTaken(Key, shown);
        IsTaken(Key, last);
    }

    [Fact(DisplayName = "D6: nobody shows a value that the functions have not taken")]
    public async Task Untaken_is_not_shown()
    {
        await RunAsync(0, "--missing");
        var shown = Value("worker-token");
        Assert.Contains("secrets down", await RunAsync(1, "worker-token", "WORD=down"), StringComparison.Ordinal);
        Assert.Equal(shown, Value("worker-token"));
        IsTaken("worker-token");

        await RunAsync(0, "worker-token");
        Assert.NotEqual(shown, Value("worker-token"));
        IsTaken("worker-token", shown);
    }

    [Fact(DisplayName = "D6: right after another one a run changes nothing until what that made is shown everywhere, and of two at once only one shows what it made")]
    public async Task Runs_wait_for_each_other()
    {
        await RunAsync(0, "--missing");
        var before = Texts();
        await RunAsync(137, "worker-token", Killed, "UPDATED=" + DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        Assert.Equal(before, Texts());

        var shown = Value("worker-token");
        Assert.Contains("Another run", await RunAsync(1, "worker-token", "OTHER_RUN=1"), StringComparison.Ordinal);
        Assert.Equal(shown, Value("worker-token"));
        await RunAsync(0, "worker-token");
        IsTaken("worker-token");
    }

    [Fact(DisplayName = "D6: a vault that does not answer is not one without secrets, and one that does not say what is shown is not guessed at")]
    public async Task Unknown_is_left()
    {
        await RunAsync(0, "--missing");
        var before = Texts();
        await RunAsync(1, "--missing", "NO_ANSWER=1");
        await RunAsync(0, "--missing");
        await RunAsync(1, "no-such-secret");
        Assert.Equal(before, Texts());

        var file = Path.Combine(_root, "vault", "hook-secret");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { properties = new { value = Value("hook-secret") } }), TestContext.Current.CancellationToken);
        before = Texts();
        Assert.Contains("CTD_SHOWN", await RunAsync(1, "hook-secret"), StringComparison.Ordinal);
        Assert.Equal(before, Texts());
        await RunAsync(0, "hook-secret", "CTD_SHOWN=a");
        IsTaken("hook-secret");
    }

    private List<string> Texts() => [.. Directory.GetFiles(Path.Combine(_root, "vault")).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private string Value(string name)
    {
        using var secret = JsonDocument.Parse(File.ReadAllText(Path.Combine(_root, "vault", name)));
        return secret.RootElement.GetProperty("properties").GetProperty("value").GetString()!;
    }

    private void IsTaken(string name) => IsTaken(name, Value(name));

    private void IsTaken(string name, string value)
    {
        var form = name is "worker-token" or "worker-pbx-token" ? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value))) : value;
        Assert.Contains(form, new[] { Value(name + "-a"), Value(name + "-b") });
    }

    private void Tool(string name, string text)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_root, "tools")).FullName, name);
        File.WriteAllText(path, "#!/bin/bash\n" + text + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task<string> RunAsync(int code, string wish, params string[] variables)
    {
        var start = new ProcessStartInfo("/bin/bash", [Path.Combine(Templates.Root, "infra/scripts/rotate"), "dev", wish]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["PATH"] = $"{Path.Combine(_root, "tools")}:{start.Environment["PATH"]}";
        start.Environment["VAULT"] = Path.Combine(_root, "vault");
        start.Environment["TMP_FILE"] = Path.Combine(_root, "file");
        start.Environment["CTD_YES"] = "1";
        foreach (var variable in variables) start.Environment[variable.Split('=')[0]] = variable.Split('=')[1];
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var faults = process.StandardError.ReadToEndAsync(limit.Token);
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token) + await faults;
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == code, $"{process.ExitCode}: {output}");
        return output;
    }
}
