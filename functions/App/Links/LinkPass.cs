using ClickToDial.Core.Directory;
using ClickToDial.Core.Links;

namespace ClickToDial.App.Links;

/// <summary>A link that may be used.</summary>
/// <param name="Form">How it has proved itself.</param>
public sealed record LinkPass(LinkTicket Ticket, DomainView Domain, LinkForm Form);
