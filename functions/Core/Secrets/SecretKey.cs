using System.Diagnostics.CodeAnalysis;

namespace ClickToDial.Core.Secrets;

/// <summary>An encryption key as it is configured: <c>id:hex</c>, 64 hex digits.</summary>
public sealed class SecretKey
{
    private SecretKey(string id, byte[] bytes) => (Id, Bytes) = (id, bytes);

    public string Id { get; }

    internal byte[] Bytes { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SecretKey? key)
    {
        key = null;
        var split = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (split is < 1 or > 32) return false;
        var bytes = new byte[32];
        if (Convert.FromHexString(text.AsSpan(split + 1), bytes, out var read, out var written) != System.Buffers.OperationStatus.Done) return false;
        if (written != 32 || read != 64) return false;
        key = new SecretKey(text![..split], bytes);
        return true;
    }

    public override string ToString() => $"{Id}:***";
}
