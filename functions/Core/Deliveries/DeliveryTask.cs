namespace ClickToDial.Core.Deliveries;

/// <summary>A message of the delivery queue.</summary>
/// <param name="Delivery">Null: everything of a subscription that was deleted is to go.</param>
/// <param name="Attempt">How many attempts had been made when it was put there.</param>
/// <param name="AddedBy">
/// The instance that has just added the delivery as the first of its lane, in the message that came of it: nobody else had it before this
/// message. Null in every other one.
/// </param>
/// <param name="DueAt">When it was to be seen; whoever puts it into the queue says so.</param>
public sealed record DeliveryTask(string Domain, string Subscription, string? Delivery = null, int Attempt = 0, string? AddedBy = null, DateTimeOffset? DueAt = null);
