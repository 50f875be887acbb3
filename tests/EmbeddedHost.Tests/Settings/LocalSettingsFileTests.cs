using ClickToDial.EmbeddedHost.Runtime;
using ClickToDial.EmbeddedHost.Settings;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.EmbeddedHost.Tests.Settings;

public sealed class LocalSettingsFileTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("local-settings-");
    private readonly string _variable = "CLICK_TO_DIAL_TEST_" + Guid.NewGuid().ToString("N");

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(_variable, null);
        _root.Delete(recursive: true);
    }

    [Fact]
    public void Values_BecomeSettingsWithSections()
    {
        var settings = Load("""
            { "IsEncrypted": false, "Values": { "Plain": "a", "Section__Key": "b", "Number": 5, "Flag": true, "None": null },
              "ConnectionStrings": { "Db": "c" }, "Host": { "LocalHttpPort": 7099, "CORS": "*" } }
            """);
        Assert.Equal("a", settings["Plain"]);
        Assert.Equal("b", settings["Section:Key"]);
        Assert.Equal("5", settings["Number"]);
        Assert.Equal("True", settings["Flag"]);
        Assert.Null(settings["None"]);
        Assert.Equal("c", settings.GetConnectionString("Db"));
        Assert.Equal("7099", settings[LocalSettingsFile.PortKey]);
    }

    [Fact]
    public void EnvironmentVariable_OutranksTheFile()
    {
        Environment.SetEnvironmentVariable(_variable, "from outside");
        Assert.Equal("from outside", Load($$"""{ "Values": { "{{_variable}}": "from the file" } }""")[_variable]);
    }

    [Fact]
    public void NoFile_IsNoError() => Assert.Null(Load(text: null)["Anything"]);

    [Theory]
    [InlineData("""{ "IsEncrypted": true, "Values": { "A": "xyz" } }""", "encrypted")]
    [InlineData("""{ "Values": "hush" }""", "line 1")]
    [InlineData("{ \"Values\": { \"Secret\": \"hush\"", "line 1")]
    public void FileThatCannotBeUsed_IsRefusedWithoutItsContent(string text, string reason)
    {
        var error = Assert.Single(Assert.Throws<EmbeddedHostException>(() => Load(text)).Errors);
        Assert.Contains(reason, error);
        Assert.DoesNotContain("hush", error);
    }

    private ConfigurationManager Load(string? text)
    {
        if (text is not null) File.WriteAllText(Path.Combine(_root.FullName, "local.settings.json"), text);
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();
        LocalSettingsFile.AddTo(configuration, _root.FullName);
        return configuration;
    }
}
