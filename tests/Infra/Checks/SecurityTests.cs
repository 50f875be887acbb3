using System.Text.RegularExpressions;
using ClickToDial.Infra.Syntax;

namespace ClickToDial.Infra.Checks;

[Trait("row", "D6")]
public sealed partial class SecurityTests
{
    // Azure's own, the same in every tenant.
    private static readonly Dictionary<string, string> BuiltInRoles = new()
    {
        ["storageBlobDataOwner"] = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
        ["storageQueueDataContributor"] = "974c5e8b-45b9-4653-ba55-5f855dd0fb88",
        ["storageTableDataContributor"] = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
        ["serviceBusDataOwner"] = "090c5cfd-751d-490a-894a-3ce6f1109419",
        ["keyVaultSecretsUser"] = "4633458b-17de-408a-b874-0445c86b69e6",
        ["monitoringMetricsPublisher"] = "3913510d-42f4-4e42-8a64-420c390055eb",
        ["acrPull"] = "7f951dda-4ed3-4680-a7ca-43fe172d538d",
    };

    public SecurityTests() => Assert.SkipWhen(Templates.WhyNot is not null, Templates.WhyNot ?? "");

    [Fact]
    public void Every_role_is_given_in_one_file_and_is_Azures_own()
    {
        var files = Templates.Bicep.Where(t => t.Resources.Any(r => r.Reference.StartsWith("Microsoft.Authorization/roleAssignments", StringComparison.Ordinal)));
        Assert.Equal(["infra/modules/rbac.bicep"], files.Select(t => t.Path));
        var roles = Templates.At("infra/modules/rbac.bicep").Of("variable_declaration").Single(v => v.Parts[0].Text == "roles").Parts[^1];
        Assert.Equal(BuiltInRoles, roles.Properties.ToDictionary(p => p.Name, p => p.Value.Literal!));
    }

    [Fact]
    public void No_secret_is_a_parameter_or_an_output()
    {
        var faults = from template in Templates.Bicep
                     from name in template.Parameters.Select(p => p.Name).Concat(template.Outputs)
                     where SecretName().IsMatch(name) && !name.EndsWith("PublicKey", StringComparison.Ordinal) && !name.EndsWith("SecretUri", StringComparison.Ordinal) && !name.EndsWith("SecretUris", StringComparison.Ordinal)
                     select $"{template}: {name}";
        Faults.None(faults);
    }

    [Fact]
    public void No_key_of_a_resource_is_ever_asked_for()
    {
        foreach (var template in Templates.Bicep)
            Assert.DoesNotMatch(@"\b(listKeys|listAccountSas|listServiceSas|getSecret|listSecrets)\s*\(|primaryKey|primaryConnectionString", Templates.Text(template.Path));
    }

    [Fact]
    public void Settings_that_hold_secrets_point_into_the_vault()
    {
        var settings = Templates.At("infra/modules/functions.bicep").Resources.Single(r => r.Symbol == "settings").Bodies.Single().Property("properties")!;
        var open = settings.Properties.Where(p => SecretName().IsMatch(p.Name))
            .Where(p => p.Value is not { Type: "call_expression", Parts: [{ Text: "secret" }, ..] } && !p.Name.EndsWith("__credential", StringComparison.Ordinal))
            // Where secrets are, and how often to look there.
            .Where(p => p.Name is not ("Secrets__VaultUri" or "Secrets__EverySeconds"));
        Faults.None(open.Select(p => p.Name));
    }

    [Theory]
    [InlineData("infra/modules/storage.bicep", "allowSharedKeyAccess: false")]
    [InlineData("infra/modules/storage.bicep", "allowBlobPublicAccess: false")]
    [InlineData("infra/modules/servicebus.bicep", "disableLocalAuth: true")]
    [InlineData("infra/modules/vault.bicep", "enableRbacAuthorization: true")]
    [InlineData("infra/modules/monitoring.bicep", "DisableLocalAuth: true")]
    [InlineData("infra/modules/registry.bicep", "adminUserEnabled: false")]
    public void Keys_are_switched_off(string path, string setting) => Assert.Contains(setting, Templates.Text(path), StringComparison.Ordinal);

    [GeneratedRegex("(?i)(password|secret|key|token|credential)")]
    private static partial Regex SecretName();
}
