using ClickToDial.Calls.Directory;
using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Calls.Registrar;

/// <summary>Answers REGISTER (RFC 3261 section 10.3). Runs on the stack's loop.</summary>
internal sealed class RegistrarService(
    BindingStore bindings, DeviceGate gate, RegistrarOptions options, TimeProvider time, ILogger<RegistrarService> logger)
{
    private const string Instance = "+sip.instance";

    public void OnRegister(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (gate.Admit(transaction, request.To.Uri.Host, proxy: false) is not { } owner) return;
        if (!MayRegister(owner, request.To.Uri.User)) transaction.Respond(403);
        else if (!request.Headers.Contains(HeaderName.Contact)) Answer(transaction, owner);
        else if (request.Headers.Get(HeaderName.Contact) == "*") Clear(transaction, owner);
        else Register(transaction, owner);
    }

    // A device may say its own account name, or the user's whose device it is.
    private static bool MayRegister(DeviceOwner owner, string? name) => name == owner.Device.UserName || name == owner.User.Name;

    private static Binding Prototype(ServerTransaction transaction, DeviceOwner owner) => new(
        owner.Domain,
        owner.User.Name,
        owner.Device.UserName,
        Contact: "",
        transaction.Flow.Kind,
        transaction.Flow.Remote.ToString(),
        transaction.Request.CallId,
        transaction.Request.CSeq.Number,
        ExpiresAt: default);

    private void Clear(ServerTransaction transaction, DeviceOwner owner)
    {
        // Section 10.3 item 6: the star stands alone and with Expires: 0.
        if (transaction.Request.Expires != 0 || transaction.Request.Headers.CountOf(HeaderName.Contact) != 1) transaction.Respond(400);
        else if (!bindings.TryClear(Prototype(transaction, owner))) transaction.Respond(500, "Out Of Order");
        else Answer(transaction, owner);
    }

    private void Register(ServerTransaction transaction, DeviceOwner owner)
    {
        if (transaction.Request.Contacts is not { Count: > 0 and <= BindingStore.MaxPerDevice } contacts)
        {
            transaction.Respond(400, "Bad Contact");
            return;
        }
        var wishes = new List<ContactWish>(contacts.Count);
        foreach (var contact in contacts)
        {
            var lifetime = Lifetime(contact, transaction.Request.Expires);
            if (lifetime > TimeSpan.Zero && lifetime < options.Shortest)
            {
                TooBrief(transaction);
                return;
            }
            wishes.Add(new ContactWish(
                contact.Uri.ToString(), lifetime > options.Longest ? options.Longest : lifetime, contact.Parameters.Get(Instance)));
        }
        if (bindings.TryApply(Prototype(transaction, owner), wishes)) Answer(transaction, owner);
        else transaction.Respond(500, "Out Of Order");
    }

    private TimeSpan Lifetime(NameAddress contact, uint? header)
    {
        if (contact.Parameters.Get("expires") is not { } own) return header is { } common ? TimeSpan.FromSeconds(common) : options.Usual;
        return uint.TryParse(own, out var seconds) ? TimeSpan.FromSeconds(seconds) : options.Usual;
    }

    private void TooBrief(ServerTransaction transaction)
    {
        var response = transaction.CreateResponse(423);
        response.Headers.Add(HeaderName.MinExpires, ((int)options.Shortest.TotalSeconds).ToString());
        transaction.Respond(response);
    }

    // Section 10.3 item 8: a success lists what is bound now.
    private void Answer(ServerTransaction transaction, DeviceOwner owner)
    {
        var now = time.GetUtcNow();
        var response = transaction.CreateResponse(200);
        var live = bindings.Find(owner.Domain, owner.User.Name).Where(binding => binding.Device == owner.Device.UserName).ToList();
        foreach (var binding in live)
            response.Headers.Add(HeaderName.Contact, $"<{binding.Contact}>;expires={(int)Math.Ceiling((binding.ExpiresAt - now).TotalSeconds)}");
        transaction.Respond(response);
        RegistrarLog.Registered(logger, owner.Device.UserName, owner.Domain, live.Count);
    }
}
