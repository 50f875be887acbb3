using ClickToDial.Core.Guard;

namespace ClickToDial.Core.Directory;

/// <summary>How often each user, each source address and each number outside may call or be called.</summary>
/// <param name="PhoneAddress">Of phones, apart from others: an office has one address.</param>
public sealed record SeedLimits(CallLimits? User = null, CallLimits? Address = null, CallLimits? Destination = null, CallLimits? PhoneAddress = null);
