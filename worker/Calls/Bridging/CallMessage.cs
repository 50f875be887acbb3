using ClickToDial.Calls.Legs;
using ClickToDial.Contracts.Calls;
using ClickToDial.Media.Plane;

namespace ClickToDial.Calls.Bridging;

/// <summary>One letter in a call's mailbox: an input of its own, or news of a leg, or of the media plane.</summary>
internal readonly record struct CallMessage(CallInput Input, CallOutcome? Why = null, Leg? Leg = null, LegNews? News = null, MediaEvent? Media = null);
