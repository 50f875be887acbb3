using System.Text.Json.Serialization;

namespace ClickToDial.Core.Deliveries;

[JsonConverter(typeof(JsonStringEnumConverter<DeliveryStatus>))]
public enum DeliveryStatus
{
    /// <summary>To be sent, or to be sent again, or behind another of its call.</summary>
    [JsonStringEnumMemberName("pending")] Pending,

    [JsonStringEnumMemberName("delivered")] Delivered,

    /// <summary>Given up; it can be replayed.</summary>
    [JsonStringEnumMemberName("dead")] Dead,
}
