using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Data.Tables;
using ClickToDial.App.Adapters;
using ClickToDial.Core;

namespace ClickToDial.App.Login;

/// <summary>Table LoginTokens: login tokens that have not become sessions, by their hashes. Whoever deletes the row has the session.</summary>
public sealed class LoginTokens(StorageClients storage, TimeProvider time, IRandomSource random)
{
    /// <summary>Within it a login token must become a session (V5).</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    /// <summary>Partition of the table.</summary>
    public const string Partition = "t";
    private const int MaxLength = 128;

    private readonly TableClient _table = storage.Tables.GetTableClient(TableNames.LoginTokens);

    public async Task<string> MakeAsync(LoginGrant grant, CancellationToken stop)
    {
        var bytes = new byte[32];
        random.Fill(bytes);
        var token = Base64Url.EncodeToString(bytes);
        var row = new TableEntity(Partition, HashOf(token)) { ["Domain"] = grant.Domain, ["User"] = grant.User, ["ExpiresAt"] = time.GetUtcNow() + Life };
        if (grant.Ends is { } ends) row["LoginEnds"] = ends;
        if (grant.TokenId is { } id) row["TokenId"] = id;
        await _table.AddEntityAsync(row, stop);
        return token;
    }

    /// <returns>Whose it is; null when it is none, was used, or is too old. It is used up either way.</returns>
    public async Task<LoginGrant?> TakeAsync(string token, CancellationToken stop)
    {
        if (token.Length is 0 or > MaxLength) return null;
        var found = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, HashOf(token), cancellationToken: stop);
        if (!found.HasValue) return null;
        if (!await TryDeleteAsync(found.Value!, stop)) return null;
        var row = found.Value!;
        return row.GetDateTimeOffset("ExpiresAt") > time.GetUtcNow()
            ? new LoginGrant(row.GetString("Domain"), row.GetString("User"), row.GetDateTimeOffset("LoginEnds"), row.GetString("TokenId"))
            : null;
    }

    /// <summary>Of several at once, one finds the version that it has read; the client library throws for another version, not for none.</summary>
    private async Task<bool> TryDeleteAsync(TableEntity row, CancellationToken stop)
    {
        try
        {
            using var response = await _table.DeleteEntityAsync(row, row.ETag, stop);
            return !response.IsError;
        }
        catch (RequestFailedException e) when (e.Status is 404 or 412)
        {
            return false;
        }
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
