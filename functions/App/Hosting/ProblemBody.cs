using ClickToDial.Core.Problems;

namespace ClickToDial.App.Hosting;

/// <summary>A problem as it is written (RFC 9457 section 3), with our members reason and field.</summary>
public sealed record ProblemBody(string Type, string Title, int Status, string Reason, string? Detail, string? Field)
{
    public static ProblemBody Of(Problem problem) =>
        new(problem.Type, problem.Title, problem.Status, problem.Reason, problem.Detail, problem.Field);
}
