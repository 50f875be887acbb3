using ClickToDial.Contracts.Calls;

namespace ClickToDial.App.Calls;

/// <summary>Answer of <c>POST /api/calls</c>, the same for every repetition: how the call was accepted, not how it is now.</summary>
public sealed record CallAccepted(CallId Id, CallState State, string Domain, string User, string Destination, DateTimeOffset RequestedAt)
{
    public static CallAccepted Of(Originated originated) => new(
        originated.Call.CallId, CallState.Requested, originated.Call.Command.Domain, originated.Call.Command.User,
        originated.Call.Command.Destination, originated.Call.RequestedAt);
}
