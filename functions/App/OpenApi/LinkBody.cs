using System.Text.Json.Serialization;

namespace ClickToDial.App.OpenApi;

/// <summary>A body as it is described. It is read member by member, not into this.</summary>
public sealed record LinkBody(
    [property: JsonRequired] string User, [property: JsonRequired] string Destination, string? Domain, int? LifetimeSeconds, bool? Connect);
