using ClickToDial.Core.Access;

namespace ClickToDial.App.Webhooks;

/// <summary>The tokens that PBXes present.</summary>
public sealed class PbxTokens(WebhookOptions options)
{
    public TokenList Accepted { get; } = new(options.PbxTokens);
}
