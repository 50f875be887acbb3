namespace ClickToDial.Core.Guard;

/// <summary>What counting one more call came to.</summary>
/// <param name="Tally">The tally afterwards; the same object when there is nothing to keep.</param>
/// <param name="Wait">How long until the next call may begin; zero where that is not known.</param>
/// <param name="IsNews">The operator has not been told of this cap within its span.</param>
public sealed record TallyAnswer(CallTally Tally, TallyCap Cap = TallyCap.None, TimeSpan Wait = default, bool IsNews = false);
