using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ClickToDial.Core.Access;
using ClickToDial.Core.Problems;

namespace ClickToDial.Core.Calls;

/// <summary>The header <c>Idempotency-Key</c>: 1 to 128 visible ASCII characters.</summary>
public sealed record IdempotencyKey(string Value)
{
    public const int MaxLength = 128;

    public static Result<IdempotencyKey> Read(string? header)
    {
        if (string.IsNullOrEmpty(header)) return KnownProblems.IdempotencyKeyMissing;
        return header.Length <= MaxLength && header.All(c => c is > ' ' and <= '~')
            ? new IdempotencyKey(header)
            : KnownProblems.IdempotencyKeyInvalid;
    }

    /// <summary>Stands for this key in the hands of this principal, safe in a table key and of fixed length.</summary>
    public string MarkFor(Principal principal) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{principal.Domain}\n{principal.Id}\n{Value}")));
}
