using System.Globalization;
using ClickToDial.Calls.Directory;
using ClickToDial.Calls.Hooks;
using ClickToDial.Sip.Endpoint;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Registrar;

/// <summary>
/// Answers REGISTER (RFC 3261 section 10.3), with several flows per device (RFC 5626) and proxies on the way (RFC 3327). Runs on
/// the stack's loop; a change is answered once it is on disk.
/// </summary>
internal sealed class RegistrarService(
    BindingStore bindings, BindingFile file, SipEndpoint endpoint, DeviceGate gate, BrowserGate browsers, RegistrarOptions options, TimeProvider time,
    ILogger<RegistrarService> logger)
{
    /// <summary>Option tags that a REGISTER may require.</summary>
    public static IReadOnlyList<string> Extensions { get; } = ["path", OutboundWish.Tag];

    public void OnRegister(ServerTransaction transaction)
    {
        var host = transaction.Request.To.Uri.Host;
        if (BrowserGate.IsBrowser(transaction)) browsers.Admit(transaction, host, proxy: false, (session, owner) => OnBrowser(transaction, session, owner));
        else if (gate.Admit(transaction, host, proxy: false) is { } owner) Take(transaction, owner, options.Longest);
    }

    // Its registration ends with its token; until then it brings another one, and calls under way are not touched.
    private void OnBrowser(ServerTransaction transaction, BrowserSession session, DeviceOwner owner)
    {
        var left = session.Identity.ExpiresAt - time.GetUtcNow();
        Take(transaction, owner, left < options.Longest ? left : options.Longest);
        browsers.Tell(transaction.Request.Expires == 0 ? BrowserEventKind.Unregistered : BrowserEventKind.Registered, session);
    }

    private void Take(ServerTransaction transaction, DeviceOwner owner, TimeSpan longest)
    {
        var request = transaction.Request;
        if (!MayRegister(owner, request.To.Uri.User)) transaction.Respond(403);
        else if (!request.Headers.Contains(HeaderName.Contact)) Answer(transaction, owner, OutboundWish.None);
        else if (request.Headers.Get(HeaderName.Contact) == "*") Clear(transaction, owner);
        else Register(transaction, owner, longest);
    }

    // A device may say its own account name, or the user's whose device it is.
    private static bool MayRegister(DeviceOwner owner, string? name) => name == owner.Device.UserName || name == owner.User.Name;

    private static Binding Prototype(ServerTransaction transaction, DeviceOwner owner, IReadOnlyList<string>? path = null) => new(
        owner.Domain,
        owner.User.Name,
        owner.Device.UserName,
        Contact: "",
        transaction.Flow.Kind,
        transaction.Flow.Remote.ToString(),
        transaction.Request.CallId,
        transaction.Request.CSeq.Number,
        ExpiresAt: default,
        Path: path is { Count: > 0 } ? path : null);

    private void Clear(ServerTransaction transaction, DeviceOwner owner)
    {
        // Section 10.3 item 6: the star stands alone and with Expires: 0.
        if (transaction.Request.Expires != 0 || transaction.Request.Headers.CountOf(HeaderName.Contact) != 1) transaction.Respond(400);
        else if (!bindings.TryClear(Prototype(transaction, owner))) transaction.Respond(500, "Out Of Order");
        else AnswerWhenKept(transaction, owner, OutboundWish.None);
    }

    private void Register(ServerTransaction transaction, DeviceOwner owner, TimeSpan longest)
    {
        if (transaction.Request.Contacts is not { Count: > 0 and <= BindingStore.MaxPerDevice } contacts)
        {
            transaction.Respond(400, "Bad Contact");
            return;
        }
        if (RegisterPath.Of(transaction.Request) is not { } path)
        {
            transaction.Respond(400, "Bad Path");
            return;
        }
        var outbound = OutboundWish.Of(transaction.Request, contacts, path);
        if (outbound.Refusal is { } refusal)
        {
            transaction.Respond(refusal);
            return;
        }
        if (Wishes(transaction.Request, contacts, outbound, longest) is not { } wishes) TooBrief(transaction);
        else if (!bindings.TryApply(Prototype(transaction, owner, path), wishes)) transaction.Respond(500, "Out Of Order");
        else AnswerWhenKept(transaction, owner, outbound);
    }

    // Null when one of them is too short; nothing is changed then.
    private List<ContactWish>? Wishes(SipRequest request, List<NameAddress> contacts, OutboundWish outbound, TimeSpan longest)
    {
        var wishes = new List<ContactWish>(contacts.Count);
        foreach (var contact in contacts)
        {
            var lifetime = Lifetime(contact, request.Expires);
            if (lifetime > TimeSpan.Zero && lifetime < options.Shortest) return null;
            var device = OutboundContact.Of(contact);
            wishes.Add(new ContactWish(
                contact.Uri.ToString(), lifetime > longest ? longest : lifetime, device?.Instance, outbound.IsAsked ? device?.FlowId : null));
        }
        return wishes;
    }

    private TimeSpan Lifetime(NameAddress contact, uint? header)
    {
        if (contact.Parameters.Get("expires") is not { } own) return header is { } common ? TimeSpan.FromSeconds(common) : options.Usual;
        return uint.TryParse(own, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : options.Usual;
    }

    private void TooBrief(ServerTransaction transaction)
    {
        var response = transaction.CreateResponse(423);
        response.Headers.Add(HeaderName.MinExpires, Seconds(options.Shortest));
        transaction.Respond(response);
    }

    private void AnswerWhenKept(ServerTransaction transaction, DeviceOwner owner, OutboundWish outbound)
    {
        RegistrarMetrics.Registrations.Add(1);
        file.Keep(owner.Domain, owner.User.Name, () => endpoint.Post(() => Answer(transaction, owner, outbound)));
    }

    // Section 10.3 item 8: a success lists what is bound now.
    private void Answer(ServerTransaction transaction, DeviceOwner owner, OutboundWish outbound)
    {
        var now = time.GetUtcNow();
        var response = transaction.CreateResponse(200);
        var live = bindings.Find(owner.Domain, owner.User.Name).Where(binding => binding.Device == owner.Device.UserName).ToList();
        foreach (var binding in live) response.Headers.Add(HeaderName.Contact, Told(binding, binding.ExpiresAt - now));
        response.Headers.CopyFrom(transaction.Request.Headers, HeaderName.Path); // RFC 3327 section 5.3.
        response.Headers.Add(HeaderName.Supported, string.Join(", ", Extensions));
        if (outbound.IsAsked)
        {
            response.Headers.Add(HeaderName.Require, OutboundWish.Tag); // RFC 5626 section 6.
            if (outbound.IsFirstHop) response.Headers.Add("Flow-Timer", Seconds(options.FlowTimer));
        }
        transaction.Respond(response);
        RegistrarLog.Registered(logger, owner.Device.UserName, owner.Domain, live.Count);
    }

    private static string Told(Binding binding, TimeSpan left)
    {
        var text = $"<{binding.Contact}>;expires={Seconds(left)}";
        if (binding.Instance is not null) text += $";+sip.instance=\"<{binding.Instance}>\"";
        return binding.FlowId is { } flow ? string.Create(CultureInfo.InvariantCulture, $"{text};reg-id={flow}") : text;
    }

    private static string Seconds(TimeSpan time) => ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
}
