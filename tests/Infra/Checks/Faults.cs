namespace ClickToDial.Infra.Checks;

internal static class Faults
{
    /// <summary>Fails with all of them, one a line.</summary>
    public static void None(IEnumerable<string> faults)
    {
        var all = faults.ToList();
        if (all.Count > 0) Assert.Fail(string.Join('\n', all));
    }
}
