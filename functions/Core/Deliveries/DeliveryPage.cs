namespace ClickToDial.Core.Deliveries;

/// <param name="Next">Id to go on after, or null at the end.</param>
public sealed record DeliveryPage(IReadOnlyList<Delivery> Deliveries, string? Next);
