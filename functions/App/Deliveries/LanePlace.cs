using ClickToDial.Core.Deliveries;

namespace ClickToDial.App.Deliveries;

/// <summary>Where the row of a lane is.</summary>
internal readonly record struct LanePlace(string Partition, string Lane)
{
    public string Key => $"{Partition}|{Lane}";

    public string RowKey => DeliveryKeys.Lane + Lane;

    public static LanePlace Of(Delivery delivery) => new(DeliveryKeys.Partition(delivery.Domain, delivery.Subscription), delivery.Lane);
}
