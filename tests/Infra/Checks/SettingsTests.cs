using System.Text.RegularExpressions;
using ClickToDial.Infra.Syntax;

namespace ClickToDial.Infra.Checks;

/// <summary>
/// The deployment against the settings tables of the READMEs, which other tests hold against the options: what it sets is
/// read, and what is needed is set.
/// </summary>
[Trait("row", "D6")]
public sealed partial class SettingsTests
{
    // Read by Azure's own parts.
    private static readonly string[] Platform =
    [
        "AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId", "AZURE_CLIENT_ID",
        "AzureWebJobs_ProcessCallEvent_Disabled", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "OTEL_SERVICE_NAME",
    ];

    // Needed, but only one of two ways, of which Azure uses the other.
    private static readonly string[] OtherWay = ["AppStorage", "Sessions__KeyFile", "Worker__Url"];

    public SettingsTests() => Assert.SkipWhen(Templates.WhyNot is not null, Templates.WhyNot ?? "");

    [Fact]
    public void The_functions_read_what_is_set_and_are_given_what_they_need()
    {
        var known = Table("functions/README.md").Select(row => (Name: Numbered().Replace(row.Name, "__n"), row.Required)).ToList();
        var set = Templates.At("infra/modules/functions.bicep").Resources.Single(r => r.Symbol == "settings").Bodies.Single().Property("properties")!
            .Properties.Select(p => Numbered().Replace(p.Name, "__n")).Except(Platform).ToList();
        Faults.None(set.Except(known.Select(row => row.Name)));
        Faults.None(known.Where(row => row.Required).Select(row => row.Name).Except(OtherWay).Except(set));
    }

    [Fact]
    public void The_worker_reads_what_is_set_and_is_given_what_it_needs()
    {
        var known = Table("worker/Host/README.md").Select(row => (Name: row.Name.Replace(":", "__", StringComparison.Ordinal), row.Required)).ToList();
        var set = WorkerSetting().Matches(Templates.Text("infra/scripts/worker-start.yaml")).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(set);
        Faults.None(set.Except(known.Select(row => row.Name)));
        // Those that come as files, which the README names.
        string[] inFiles = ["Worker__ControlToken", "Worker__WorkerToken", "Worker__PbxToken"];
        Faults.None(known.Where(row => row.Required).Select(row => row.Name).Except(inFiles).Except(set));
        var files = SecretFile().Matches(Templates.Text("infra/scripts/worker-start.yaml")).Select(match => match.Groups[1].Value).ToList();
        var told = Templates.Text("worker/Host/README.md").Split('\n').Single(line => line.StartsWith("| `Worker:SecretsFolder`", StringComparison.Ordinal));
        Assert.Equal(Regex.Matches(told, "`([a-z]+-[a-z]+)`").Select(match => match.Groups[1].Value).Order(), files.Order());
    }

    [Fact]
    public void Every_secret_that_is_read_is_made()
    {
        var rotate = Templates.Text("infra/scripts/rotate");
        var own = Regex.Match(rotate, "^own=\\((.+)\\)$", RegexOptions.Multiline).Groups[1].Value.Split(' ');
        var made = own.SelectMany(name => new[] { name, name + "-a", name + "-b" }).ToList();
        var read = Regex.Matches(Templates.Text("infra/modules/functions.bicep"), "secret\\(vaultUri, '([a-z-]+)'\\)").Select(match => match.Groups[1].Value)
            .Concat(Regex.Matches(Templates.Text("infra/main.bicep"), "secrets/([a-z-]+)'").Select(match => match.Groups[1].Value))
            .Concat(Regex.Matches(Templates.Text("infra/scripts/worker-start.yaml"), "^ +put \\S+ (.+)$", RegexOptions.Multiline).SelectMany(match => match.Groups[1].Value.Split(' '))).ToList();
        Assert.Contains("hook-secret-a", read);
        Assert.Contains("script-runner-token-b", read);
        // The certificate is the operator's.
        Faults.None(read.Except(made).Except(["sip-certificate-pem", "sip-key-pem"]));
    }

    [Fact]
    public void Both_parts_send_to_Application_Insights_as_their_identity()
    {
        var functions = Templates.At("infra/modules/functions.bicep").Resources.Single(r => r.Symbol == "settings").Bodies.Single().Property("properties")!
            .Properties.Select(p => p.Name).ToHashSet();
        string[] wanted = ["APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING"];
        Faults.None(wanted.Except(functions));
        var start = Templates.Text("infra/scripts/worker-start.yaml");
        Assert.All(wanted, name => Assert.Contains($" {name}=", start, StringComparison.Ordinal));
        // What the templates put into the start of a worker has a place there, and every place is filled.
        var places = Place().Matches(start).Select(match => match.Value).ToHashSet();
        Assert.Equal(places.Order(), Place().Matches(Templates.Text("infra/modules/workers.bicep")).Select(match => match.Value).Distinct().Order());
    }

    [Fact]
    public void The_ports_that_are_let_in_are_those_the_worker_listens_on()
    {
        var defaults = Table("worker/Host/README.md").ToDictionary(row => row.Name, row => row.Default);
        var said = Templates.At("infra/modules/network.bicep").Of("variable_declaration").ToDictionary(v => v.Parts[0].Text!, v => v.Parts[^1].Literal);
        Assert.Equal(defaults["Sip:UdpPort"], said["sipPort"]);
        Assert.Equal(defaults["Sip:TcpPort"], said["sipPort"]);
        Assert.Equal(defaults["Sip:TlsPort"], said["sipTlsPort"]);
        Assert.Equal($"{defaults["Media:FirstPort"]}-{defaults["Media:LastPort"]}", said["rtpPorts"]);
        // Where the worker says that it is, its fellows must be let in as well as the functions.
        Assert.Matches("Worker__AnnounceUrl=http://\\$private:" + said["controlPort"] + "\n", Templates.Text("infra/scripts/worker-start.yaml"));
        Assert.Matches(@"name: 'fellows'[^{]*\{[^}]*protocol: 'Tcp'\s+sourceAddressPrefix: workersRange\s[^}]*destinationPortRange: controlPort", Templates.Text("infra/modules/network.bicep"));
        Assert.Equal("Sip__WssPort=" + said["wssPort"], Regex.Match(Templates.Text("infra/scripts/worker-start.yaml"), "Sip__WssPort=\\d+").Value);
    }

    [Theory]
    [InlineData("functions", "functions/README.md")]
    [InlineData("worker", "worker/Host/README.md")]
    [InlineData("scripts", "worker/ScriptRunner/README.md")]
    public void A_container_of_the_compose_file_reads_what_is_set_and_is_given_what_it_needs(string service, string readme)
    {
        var part = Regex.Match(Templates.Text("infra/compose/compose.yaml"), $"^  {service}:\n((?:    .*\n|\n)+)", RegexOptions.Multiline).Groups[1].Value;
        var set = ComposeSetting().Matches(part).Select(match => Numbered().Replace(match.Groups[1].Value, "__n")).Except([.. Platform, "FUNCTIONS_PORT", "AzureWebJobsStorage"]).ToList();
        var known = Table(readme).Select(row => (Name: Numbered().Replace(row.Name.Replace(":", "__", StringComparison.Ordinal), "__n"), row.Required)).ToList();
        Assert.NotEmpty(set);
        Faults.None(set.Except(known.Select(row => row.Name)));
        // One of two ways to give a key: a file, or the vault.
        Faults.None(known.Where(row => row.Required).Select(row => row.Name).Except(["Sessions__SigningKeys__n", "AppStorage__TableServiceUri"]).Except(set));
    }

    // | `Name`, `Other` | default | meaning |
    private static IEnumerable<(string Name, string Default, bool Required)> Table(string readme) =>
        from line in Templates.Text(readme).Split('\n')
        let cells = line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()
        where cells.Length >= 3 && line.StartsWith("| `", StringComparison.Ordinal)
        let names = SettingName().Matches(cells[0]).Select(match => match.Groups[1].Value).ToList()
        from name in names.Select((name, i) => (name, i))
        let defaults = cells[1].Split(", ")
        select (name.name, defaults[Math.Min(name.i, defaults.Length - 1)], IsRequired(name.name, cells[1]));

    // What belongs to an entry with a name of the operator's choice is needed only where there is such an entry.
    private static bool IsRequired(string name, string @default) =>
        @default.StartsWith("required", StringComparison.Ordinal) && !name.Contains("NAME", StringComparison.Ordinal);

    [GeneratedRegex("`([A-Za-z]+(?:(?:__?|:)[A-Za-z0-9]+)*)`")]
    private static partial Regex SettingName();

    [GeneratedRegex("^      ([A-Z][A-Za-z0-9_]+): ", RegexOptions.Multiline)]
    private static partial Regex ComposeSetting();

    [GeneratedRegex("^ +put /run/ctd/secrets/([a-z-]+) ", RegexOptions.Multiline)]
    private static partial Regex SecretFile();

    [GeneratedRegex("\\{\\{[a-z]+\\}\\}")]
    private static partial Regex Place();

    [GeneratedRegex("__\\d+$")]
    private static partial Regex Numbered();

    [GeneratedRegex("^ +([A-Z][A-Za-z]+__[A-Za-z]+)=", RegexOptions.Multiline)]
    private static partial Regex WorkerSetting();
}
