namespace ClickToDial.App.Deliveries;

/// <param name="Next">Cursor of the next page, or null at the end.</param>
public sealed record DeliveryPageView(IReadOnlyList<DeliveryView> Deliveries, string? Next);
