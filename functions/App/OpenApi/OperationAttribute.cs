using ClickToDial.Core.Access;

namespace ClickToDial.App.OpenApi;

/// <summary>What the description of the API says of an HTTP function, beyond its route and methods.</summary>
/// <param name="summary">One sentence.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OperationAttribute(string summary) : Attribute
{
    public string Summary { get; } = summary;

    /// <summary>More than the summary says; asked of whatever needs no scope, as the scope is not told there.</summary>
    public string? Details { get; set; }

    /// <summary>How the caller is known.</summary>
    public CallerKind Caller { get; set; } = CallerKind.KeyOrToken;

    /// <summary>What an API key needs; none where keys are not asked for.</summary>
    public ApiScopes Scope { get; set; }

    /// <summary>Status of success.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Type of the body, or null for none.</summary>
    public Type? Request { get; set; }

    /// <summary>Type of the answer, or null for none.</summary>
    public Type? Response { get; set; }

    /// <summary>Names of query parameters, see <see cref="KnownParameters"/>.</summary>
    public string[] Query { get; set; } = [];

    /// <summary>Names of headers, see <see cref="KnownParameters"/>.</summary>
    public string[] Headers { get; set; } = [];

    /// <summary>Statuses of refusals that the operation has of its own.</summary>
    public int[] Refusals { get; set; } = [];

    /// <summary>The body may also be a form.</summary>
    public bool TakesForms { get; set; }

    /// <summary>The list can be had as CSV.</summary>
    public bool GivesCsv { get; set; }
}
