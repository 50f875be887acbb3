using ClickToDial.TestKit.Processes;
using ClickToDial.TestKit.Suite;

namespace ClickToDial.EndToEnd.Shipping;

/// <summary>The bills of materials name everything that is shipped.</summary>
[Trait("row", "D6")]
public sealed class BillTests
{
    public BillTests() => Assert.SkipUnless(Tool.Node.IsInstalled, Tool.Node.Missing);

    public static TheoryData<string, string> Programs => new()
    {
        { Product.WorkerProgram, "worker" },
        { Product.FunctionsProgram, "functions" },
    };

    [Theory(DisplayName = "D6: every assembly beside a program is in its bill of materials, with a version and a hash where it is a package")]
    [MemberData(nameof(Programs), DisableDiscoveryEnumeration = true)]
    public void Every_assembly_is_named(string program, string name)
    {
        var deps = program + ".deps.json";
        var bill = Bill.Of("--name", name, "--deps", deps);
        Assert.Equal("CycloneDX", (string)bill.Json["bomFormat"]!);
        var libraries = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(deps))!;
        var assets = libraries["targets"]!.AsObject().SelectMany(t => t.Value!.AsObject())
            .SelectMany(l => (l.Value!["runtime"]?.AsObject() ?? []).Concat(l.Value["runtimeTargets"]?.AsObject() ?? []).Select(a => (File: Path.GetFileName(a.Key), Library: l.Key.Split('/')[0])))
            .ToLookup(a => a.File, a => a.Library);
        var shipped = Directory.GetFiles(Path.GetDirectoryName(program)!, "*.dll").Select(Path.GetFileName).ToList();
        Assert.NotEmpty(shipped);
        Assert.All(shipped, file => Assert.Contains(assets[file!], bill.Names.Contains));
        Assert.All(bill.Json["components"]!.AsArray().Where(c => c!["purl"] is not null), c => Assert.Matches("^[0-9a-f]{128}$", (string)c!["hashes"]![0]!["content"]!));
    }

    [Fact(DisplayName = "D6: every package and image of the script runner is in its bill of materials")]
    public void Every_package_of_the_script_runner_is_named()
    {
        var project = Path.Combine(Product.RepositoryRoot, "worker/ScriptRunner");
        var bill = Bill.Of("--name", "script-runner", "--lock", Path.Combine(project, "package-lock.json"), "--dockerfile", Path.Combine(project, "Dockerfile"));
        var packages = Bill.Locked(project).Select(path => path["node_modules/".Length..]).ToList();
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Contains(package, bill.Names));
        Assert.DoesNotContain("typescript", bill.Names);
        Assert.All(new Dockerfile("worker/ScriptRunner/Dockerfile").Bases, image => Assert.Contains(image.Split(':')[0], bill.Names));
    }

    [Fact(DisplayName = "D6: the Debian packages of the worker's image are in its bill of materials")]
    public void The_Debian_packages_are_named()
    {
        var image = new Dockerfile("worker/Host/Dockerfile");
        var bill = Bill.Of("--name", "worker", "--dockerfile", Path.Combine(Product.RepositoryRoot, "worker/Host/Dockerfile"));
        Assert.All(image.Packages, package => Assert.Contains($"pkg:deb/debian/{package}", bill.Purls));
    }
}
