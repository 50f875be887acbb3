namespace ClickToDial.Fuzz;

/// <summary>Replays the corpora, and a short run with a fixed seed, on every change.</summary>
public sealed class CorpusTests
{
    public static TheoryData<string> Names() => [.. FuzzTargets.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_corpus_holds(string name)
    {
        var target = FuzzTargets.All.Single(t => t.Name == name);
        var corpus = Corpus.Of(target);
        Assert.NotEmpty(corpus);
        foreach (var input in corpus) target.Run(input);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_thousand_mutations_hold(string name)
    {
        var target = FuzzTargets.All.Single(t => t.Name == name);
        var mutator = new Mutator(new Random(4475), Corpus.Of(target), Mutator.Utf8(target.Words));
        for (var i = 0; i < 2000; i++) target.Run(mutator.Next());
    }
}
