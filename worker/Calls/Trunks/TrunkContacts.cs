using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Trunks;

/// <summary>
/// The user parts of our contacts at trunks: random, and the same over a restart, so that the old contact is replaced and not
/// rung beside the new one. For one thread at a time.
/// </summary>
internal sealed class TrunkContacts
{
    private const int Bytes = 16;
    private const int MostRead = 1 << 20;

    private readonly string _file;
    private readonly ILogger _logger;
    private readonly Dictionary<string, string> _tokens;

    /// <param name="file">Where they are kept; one that cannot be read is as good as none.</param>
    public TrunkContacts(string file, ILogger logger)
    {
        (_file, _logger) = (file, logger);
        _tokens = Read();
    }

    /// <summary>Made and kept when it is asked for first.</summary>
    public string Of(Trunk trunk)
    {
        var key = $"{trunk.Name} {trunk.Entry.UserName}";
        if (_tokens.TryGetValue(key, out var known)) return known;
        var token = _tokens[key] = "t" + RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);
        Write();
        return token;
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            if (new FileInfo(_file) is { Exists: true, Length: <= MostRead })
                return JsonSerializer.Deserialize(File.ReadAllBytes(_file), TrunkContactsJson.Default.DictionaryStringString)?
                    .Where(entry => entry.Value is { Length: 1 + (2 * Bytes) } token && token.All(char.IsAsciiLetterOrDigit)).ToDictionary() ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            TrunkLog.ContactsNotKept(_logger, e);
        }
        return [];
    }

    // The old file or the new one, never half of one.
    private void Write()
    {
        try
        {
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_file))!);
            var part = _file + ".part";
            File.WriteAllBytes(part, JsonSerializer.SerializeToUtf8Bytes(_tokens, TrunkContactsJson.Default.DictionaryStringString));
            File.Move(part, _file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TrunkLog.ContactsNotKept(_logger, e);
        }
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class TrunkContactsJson : System.Text.Json.Serialization.JsonSerializerContext;
