using ClickToDial.Core.Directory;
using ClickToDial.Core.Links;

namespace ClickToDial.App.Links;

/// <summary>A link that may be used.</summary>
public sealed record LinkPass(LinkTicket Ticket, DomainView Domain);
