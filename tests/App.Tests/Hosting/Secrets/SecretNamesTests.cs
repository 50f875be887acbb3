using ClickToDial.App.Hosting.Secrets;

namespace ClickToDial.App.Tests.Hosting.Secrets;

[Trait("row", "D6")]
public sealed class SecretNamesTests
{
    private const string Setting = "Webhooks--Sources--acme--Tokens--0";

    [Fact(DisplayName = "D6: files that are being written or were left over are no secrets")]
    public void Leftovers_AreNoSecrets()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("names-");
        try
        {
            foreach (var name in (string[])[Setting, "Hooks--WcsKeys--1", "Turn--Secret", "hook-secret-a"]) File.WriteAllText(Path.Combine(folder.FullName, name), name);
            foreach (var end in (string[])[".part", ".bak", "~", ".old", "-old", "_1", "--", " "])
            {
                File.WriteAllText(Path.Combine(folder.FullName, Setting + end), "the value that was before");
                if (end[0] != '_') File.WriteAllText(Path.Combine(folder.FullName, "hook-secret-b" + end), "the value that was before");
            }

            Assert.Equal(
                [("Hooks:Secrets:0", "hook-secret-a"), ("Hooks:WcsKeys:1", "Hooks--WcsKeys--1"), ("Turn:Secret", "Turn--Secret"), ("Webhooks:Sources:acme:Tokens:0", Setting)],
                new FolderSecrets(folder.FullName).Read().Select(p => (p.Key, p.Value)).Order());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
