using System.Globalization;
using System.Text;

namespace ClickToDial.Fuzz;

/// <summary>Runs targets on mutated inputs for a time; the first finding of a target is saved and ends it.</summary>
public static class LongRun
{
    /// <summary>Arguments: <c>run [target|all] [seconds for each] [seed]</c>. Exit code 1 when something was found.</summary>
    public static int Start(string[] args)
    {
        var name = args.Length > 1 ? args[1] : "all";
        var seconds = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 60;
        var seed = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : Random.Shared.Next();
        var targets = FuzzTargets.All.Where(t => name is "all" || t.Name == name).ToList();
        if (targets.Count == 0)
        {
            Console.Error.WriteLine($"No target is called {name}. There are: {string.Join(", ", FuzzTargets.All.Select(t => t.Name))}");
            return 2;
        }
        var clean = targets.ConvertAll(t => Run(t, TimeSpan.FromSeconds(seconds), seed));
        return clean.Contains(false) ? 1 : 0;
    }

    private static bool Run(IFuzzTarget target, TimeSpan limit, int seed)
    {
        var mutator = new Mutator(new Random(seed), Corpus.Of(target), Mutator.Utf8(target.Words));
        var started = TimeProvider.System.GetTimestamp();
        var count = 0L;
        while (TimeProvider.System.GetElapsedTime(started) < limit)
        {
            var input = mutator.Next();
            count++;
            try
            {
                target.Run(input);
            }
            catch (Exception e)
            {
                var file = Save(target, input);
                Console.WriteLine($"{target.Name}: finding after {count} inputs (seed {seed}), saved as {file}\n{e}");
                return false;
            }
        }
        Console.WriteLine($"{target.Name}: {count} inputs, nothing found (seed {seed})");
        return true;
    }

    private static string Save(IFuzzTarget target, byte[] input)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Environment.CurrentDirectory, "findings", target.Name));
        var hash = System.Security.Cryptography.SHA256.HashData(input);
        var file = Path.Combine(folder.FullName, Convert.ToHexStringLower(hash.AsSpan(0, 6)) + ".bin");
        File.WriteAllBytes(file, input);
        return file;
    }
}

/// <summary>The inputs a target starts from and is checked with on every change.</summary>
public static class Corpus
{
    public static IReadOnlyList<byte[]> Of(IFuzzTarget target)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name);
        var inputs = target.Seeds.Select(Encoding.UTF8.GetBytes).ToList();
        if (Directory.Exists(folder))
            inputs.AddRange(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order().Select(File.ReadAllBytes));
        return inputs;
    }
}
