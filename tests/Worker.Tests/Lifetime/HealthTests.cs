using System.Text.Json;
using ClickToDial.TestKit.Events;
using ClickToDial.Worker.Tests.Support;

namespace ClickToDial.Worker.Tests.Lifetime;

[Trait("row", "B5")]
public sealed class HealthTests
{
    [Fact(DisplayName = "B5: health names what the worker depends on, and which of it is down, while calls go on")]
    public async Task Health_names_what_is_down()
    {
        await using var worker = await LoneWorker.StartAsync(["101"]);
        Assert.Equal("functions up, disk up, media up, trunks off, secrets off", await DependenciesAsync(worker));

        var from = worker.Part.Output.Count;
        worker.Functions.RefuseWith(503);
        await worker.Part.Output.WaitAsync(line => line.Contains("cannot be had", StringComparison.Ordinal), "the directory that cannot be asked", Patience.Step, from);
        Assert.Equal("functions down, disk up, media up, trunks off, secrets off", await DependenciesAsync(worker));
        Assert.True((await worker.Api.HealthAsync("/healthz/ready")).IsSuccessStatusCode);
    }

    private static async Task<string> DependenciesAsync(LoneWorker worker)
    {
        using var answer = await worker.Api.HealthAsync();
        var dependencies = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("dependencies");
        return string.Join(", ", dependencies.EnumerateObject().Select(d => $"{d.Name} {d.Value.GetString()}"));
    }
}
