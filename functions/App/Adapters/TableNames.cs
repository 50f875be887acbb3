namespace ClickToDial.App.Adapters;

/// <summary>Tables, queues and containers by name; what is in them is in the README.</summary>
public static class TableNames
{
    public const string Domains = "Domains";
    public const string Users = "Users";
    public const string Devices = "Devices";
    public const string Trunks = "Trunks";
    public const string Keys = "Keys";
    public const string Calls = "Calls";
    public const string CallEvents = "CallEvents";
    public const string Recordings = "Recordings";
    public const string TokenUses = "TokenUses";
    public const string CallRates = "CallRates";
    public const string GuardEvents = "GuardEvents";
    public const string LoginTokens = "LoginTokens";

    public const string Workers = "Workers";

    public const string PbxItems = "PbxItems";
    public const string PoisonEvents = "PoisonEvents";
    public const string KeyUses = "KeyUses";

    public const string Webhooks = "Webhooks";
    public const string WebhookDeliveries = "WebhookDeliveries";

    public const string Buttons = "Buttons";
    public const string Forms = "Forms";
    public const string Scripts = "Scripts";
    public const string ScriptValues = "ScriptValues";
    public const string ScriptSecrets = "ScriptSecrets";
    public const string ScriptSettings = "ScriptSettings";
    public const string AgentChains = "AgentChains";
    public const string ChainSteps = "ChainSteps";
    public const string CampaignEntries = "CampaignEntries";

    public static IReadOnlyList<string> All { get; } =
        [Domains, Users, Devices, Trunks, Keys, Calls, CallEvents, TokenUses, CallRates, GuardEvents, LoginTokens, PbxItems, PoisonEvents, KeyUses, Recordings, Webhooks, WebhookDeliveries,
            Buttons, Forms, Scripts, ScriptValues, ScriptSecrets, ScriptSettings, AgentChains, ChainSteps, CampaignEntries, Workers];
}
