using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.App.Directory;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts;
using ClickToDial.Core.Directory;
using ClickToDial.TestKit.Azure;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Directory;

public sealed class GetDirectoryTests(AppRig app)
{
    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong-worker-token")]
    [InlineData("Bearer ")]
    [InlineData(AppRig.WorkerToken)]
    public async Task WithoutTheWorkersToken_NothingIsTold(string? authorization)
    {
        AzuriteFixture.SkipIfMissing();
        var answer = await Answer.ReadAsync(await AskAsync(authorization));

        answer.IsProblem(HttpStatusCode.Unauthorized, "worker-token-invalid");
    }

    [Fact]
    public async Task Directory_HasTheSeedWithDigestHashesAndEnabledTrunks()
    {
        AzuriteFixture.SkipIfMissing();
        using var response = await AskAsync("Bearer " + AppRig.WorkerToken);
        var directory = (await response.Content.ReadFromJsonAsync(ContractsJson.Default.DirectorySnapshot))!;

        var domain = Assert.Single(directory.Domains, d => d.Name == "other.test");
        var device = Assert.Single(Assert.Single(domain.Users).Devices);
        Assert.Equal(DigestHash.Sha256("101", "other.test", "password-101"), device.Ha1Sha256);
        Assert.Equal(DigestHash.Md5("101", "other.test", "password-101"), device.Ha1Md5);
        Assert.Equal(("jazz", "de"), (domain.Sounds?.HoldMusic, domain.Sounds?.Language));
        Assert.Null(directory.Domains.First(d => d.Users.Count == 3).Sounds);
        var trunk = Assert.Single(directory.Trunks);
        Assert.Equal(("carrier", "trunk-password"), (trunk.Name, trunk.Password));
        Assert.Equal((7, "+", 600), (trunk.Settings!.MaxCalls, trunk.Settings.InboundRules![0].Add, trunk.Settings.Registration!.ExpiresSeconds));
        Assert.Equal(["103-desk", "103-mobile"], directory.Domains.First(d => d.Users.Count == 3).Users.Single(u => u.Name == "103").Devices.Select(d => d.UserName));
    }

    [Fact]
    public async Task UnchangedDirectory_Is304()
    {
        AzuriteFixture.SkipIfMissing();
        using var first = await AskAsync("Bearer " + AppRig.WorkerToken);

        using var second = await AskAsync("Bearer " + AppRig.WorkerToken, first.Headers.ETag);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Storage_HoldsNoSecretInTheClear()
    {
        AzuriteFixture.SkipIfMissing();
        var ha1 = DigestHash.Sha256("101", "other.test", "password-101");
        var storage = app.Services.GetRequiredService<StorageClients>();
        foreach (var table in new[] { TableNames.Devices, TableNames.Trunks, TableNames.Keys })
            await foreach (var row in storage.Tables.GetTableClient(table).QueryAsync<TableEntity>())
                Assert.All(row.Select(column => column.Value), value =>
                {
                    var text = value is byte[] bytes ? System.Text.Encoding.Latin1.GetString(bytes) : value?.ToString() ?? "";
                    Assert.DoesNotContain("password", text);
                    Assert.DoesNotContain(ha1, text);
                    Assert.DoesNotContain("0123456789abcdef0123456789abcdef", text);
                });
    }

    [Fact]
    public async Task SeedingAgain_WritesNothing()
    {
        AzuriteFixture.SkipIfMissing();
        var seeder = app.Services.GetRequiredService<DirectorySeeder>();
        Assert.Equal(1, await app.Storage.OfAsync(() => seeder.SeedAsync(CancellationToken.None)));
    }

    private async Task<HttpResponseMessage> AskAsync(string? authorization, EntityTagHeaderValue? known = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/internal/directory");
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        return await app.Client.SendAsync(request);
    }
}
