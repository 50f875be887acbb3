using ClickToDial.EmbeddedHost.Runtime;
using Microsoft.Extensions.Configuration;

namespace ClickToDial.EmbeddedHost.Tests.Runtime;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("", "http://127.0.0.1:7071")]
    [InlineData("EmbeddedHost:LocalHttpPort=7080", "http://127.0.0.1:7080")]
    [InlineData("EmbeddedHost:LocalHttpPort=7080;urls=http://*:9000", "http://*:9000")]
    [InlineData("urls=http://*:9000;FUNCTIONS_PORT=7090", "http://127.0.0.1:7090")]
    [InlineData("FUNCTIONS_PORT=7090;port=0", "http://127.0.0.1:0")]
    public void MostSpecificSetting_Wins(string settings, string address) => Assert.Equal(address, ListenAddress.From(Settings(settings)));

    [Theory]
    [InlineData("port=70000")]
    [InlineData("port=-1")]
    [InlineData("FUNCTIONS_PORT=http")]
    public void PortThatIsNone_IsRefused(string settings) =>
        Assert.Throws<EmbeddedHostException>(() => ListenAddress.From(Settings(settings)));

    private static IConfiguration Settings(string settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(s => s.Split('=', 2)).Select(p => new KeyValuePair<string, string?>(p[0], p[1])))
        .Build();
}
