using System.Globalization;
using ClickToDial.TestKit.Processes;

namespace ClickToDial.EndToEnd.Shipping;

/// <summary>
/// The files of an image, laid out by the steps of its Dockerfile without an engine: the Debian packages it names and what those
/// need, taken from this machine's own, and nothing else. Programs run in it as in the container: as its user, read-only.
/// </summary>
public sealed class ImageRoot(Dockerfile image, string folder)
{
    // Of Debian's slim image; a program that finds more there than these would find it in the container as well.
    private static readonly string[] Base = ["libc6", "libgcc-s1", "libstdc++6"];
    private static readonly string[] Merged = ["bin", "lib", "lib64", "sbin"];

    private const string Enter =
        """
        mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"
        mount -t tmpfs tmpfs "$0/tmp"; mount -t proc proc "$0/proc"
        for device in null urandom; do mount --bind /dev/$device "$0/dev/$device"; done
        if [ -n "$1" ]; then mount --bind "$1" "$0/state"; fi
        user=$2; cd /; shift 2
        exec setpriv --no-new-privs chroot --userspec="$user" "$0" "$@"
        """;

    /// <summary>Why it cannot be done here, or null.</summary>
    public static string? WhyNot { get; } =
        !File.Exists("/usr/bin/dpkg-query") ? "The layout of the images is made from Debian's packages, and this is no Debian."
        : Environment.UserName != "root" ? "A root file system can be entered by root only."
        : Run("unshare", ["--mount", "true"]).Code != 0 ? "This machine lets nobody have mounts of their own."
        : null;

    /// <summary>Bytes of everything that the Dockerfile adds to its base.</summary>
    public long Added { get; private set; }

    /// <param name="stages">For each stage that is copied from, what a path is on this machine.</param>
    /// <returns>What the machine lacks, or null when the root is there.</returns>
    public string? Build(IReadOnlyDictionary<string, Func<string, string>> stages)
    {
        foreach (var made in new[] { "usr", "tmp", "proc", "dev", "etc", "state" }) Directory.CreateDirectory(At(made));
        foreach (var merged in Merged)
        {
            Directory.CreateDirectory(At($"usr/{merged}"));
            File.CreateSymbolicLink(At(merged), $"usr/{merged}");
        }
        foreach (var device in new[] { "null", "urandom" }) File.Create(At($"dev/{device}")).Dispose();
        if ((Install(Base) ?? Install(image.Packages)) is { } lacking) return lacking;
        foreach (var (stage, path) in image.Copies)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
            var (code, said) = Run("cp", ["-aL", stages[stage](path), At(path)]);
            Assert.True(code == 0, said);
            Added += Bytes(At(path));
        }
        return null;
    }

    /// <summary>How a program of the root is started: with nothing in its environment but the image's and what is given.</summary>
    /// <param name="state">A folder mounted at /state, or null.</param>
    public ChildProcessOptions Program(ChildProcessOptions options, string? state)
    {
        if (state is not null) Assert.Equal(0, Run("chown", [image.User, state]).Code);
        var environment = Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name != "PATH").ToDictionary(name => name, _ => (string?)null);
        foreach (var (name, value) in image.Environment) environment[name] = value;
        foreach (var (name, value) in options.Environment ?? new Dictionary<string, string?>()) environment[name] = value;
        return options with
        {
            FileName = "unshare",
            Arguments = ["--mount", "--propagation", "private", "sh", "-euc", Enter, folder, state ?? "", image.User, .. image.Program.Select(Absolute)],
            Environment = environment,
        };
    }

    /// <summary>Runs the image's health check where a process of it runs.</summary>
    /// <returns>Its exit code.</returns>
    public int CheckHealth(int process, IReadOnlyDictionary<string, string> settings)
    {
        var environment = image.Environment.Concat(settings).Select(pair => $"{pair.Key}={pair.Value}");
        return Run("nsenter", ["--target", process.ToString(CultureInfo.InvariantCulture), "--mount", "env", "-i", "PATH=/usr/bin:/usr/sbin", .. environment,
            "chroot", $"--userspec={image.User}", folder, .. image.HealthCheck]).Code;
    }

    /// <summary>Native libraries that a program or library of the root asks for and that the root does not have, each with who asks.</summary>
    public IReadOnlyList<string> Unresolved()
    {
        var loader = Directory.EnumerateFiles(At("usr/lib64"), "ld-linux-*").Concat(Directory.EnumerateFiles(At("usr/lib"), "ld-linux-*")).First();
        var binaries = image.Copies.SelectMany(copy => File.Exists(At(copy.Path)) ? [At(copy.Path)] : Directory.EnumerateFiles(At(copy.Path), "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(At("usr/lib"), "*.so.*", SearchOption.AllDirectories)).Where(IsBinary);
        return
        [
            .. from file in binaries
               let inside = "/" + Path.GetRelativePath(folder, file)
               from line in Run("chroot", [folder, "/" + Path.GetRelativePath(folder, loader), "--list", inside]).Output.Split('\n')
               where line.Contains("not found", StringComparison.Ordinal) || line.Contains("cannot open shared object", StringComparison.Ordinal)
               select $"{inside}: {line.Trim()}",
        ];
    }

    private static bool IsBinary(string path)
    {
        using var file = File.OpenRead(path);
        Span<byte> magic = stackalloc byte[4];
        return file.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("\u007fELF"u8);
    }

    // WORKDIR holds for relative paths; chroot begins at the root.
    private string Absolute(string word) => word.StartsWith("src/", StringComparison.Ordinal) ? $"{image.Folder}/{word}" : word;

    private string At(string path) => Path.Combine(folder, path.TrimStart('/'));

    private string? Install(IReadOnlyList<string> packages)
    {
        if (packages.Count == 0) return null;
        var all = Closure(packages, out var missing);
        if (missing is not null) return $"The Debian package {missing} is not installed here.";
        var (code, files) = Run("dpkg-query", ["-L", .. all]);
        Assert.True(code == 0, files);
        var wanted = files.Split('\n').Where(f => File.Exists(f) && !f.StartsWith("/usr/share/", StringComparison.Ordinal)).Distinct().ToList();
        var list = At("tmp/files");
        File.WriteAllLines(list, wanted);
        var (packed, said) = Run("sh", ["-c", $"tar --no-recursion -cf - -T {list} 2>/dev/null | tar -xf - --keep-directory-symlink -C {folder}"]);
        Assert.True(packed == 0, said);
        File.Delete(list);
        if (!ReferenceEquals(packages, Base)) Added += wanted.Sum(f => new FileInfo(f).Length);
        return null;
    }

    // What they need, and what that needs. Tools that run at installation only (debconf) are not followed.
    private static List<string> Closure(IReadOnlyList<string> packages, out string? missing)
    {
        var all = new List<string>(packages);
        missing = null;
        for (var i = 0; i < all.Count; i++)
        {
            var (code, depends) = Run("dpkg-query", ["-W", "-f=${db:Status-Abbrev}|${Depends}", all[i]]);
            if (code != 0 || !depends.StartsWith("ii", StringComparison.Ordinal))
            {
                missing = all[i];
                return all;
            }
            var names = depends.Split('|', 2)[1].Split(',').Select(d => d.Split('|')[0].Trim().Split(' ', ':')[0]).Where(d => d.Length > 0 && d != "debconf");
            all.AddRange(names.Except(all).ToList());
        }
        return all;
    }

    private static long Bytes(string path) =>
        File.Exists(path) ? new FileInfo(path).Length : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    /// <summary>Runs a program of this machine to its end.</summary>
    public static (int Code, string Output) Run(string program, IReadOnlyList<string> arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var faults = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + faults.Result);
    }
}
