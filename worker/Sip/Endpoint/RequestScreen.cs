using ClickToDial.Sip.Messages;
using ClickToDial.Sip.Transactions;

namespace ClickToDial.Sip.Endpoint;

/// <summary>The checks of RFC 3261 section 8.2 that need no knowledge of users or calls, in the order given there.</summary>
internal sealed class RequestScreen(SipEndpointOptions options)
{
    public string Allow { get; } = string.Join(", ", options.AllowedMethods.Select(m => m.Name));

    /// <summary>The response that refuses the request, or null when it may go on.</summary>
    public SipResponse? Refusal(ServerTransaction transaction)
    {
        var request = transaction.Request;
        if (!options.AllowedMethods.Contains(request.Method)) return WrongMethod(transaction);
        if (!request.Uri.IsSip && !request.Uri.IsTel) return transaction.CreateResponse(416);
        if (IsOutOfHops(request)) return transaction.CreateResponse(483);
        return MissingExtensions(request) is { Count: > 0 } missing ? ResponseFactory.BadExtension(transaction, missing) : null;
    }

    private SipResponse WrongMethod(ServerTransaction transaction)
    {
        var response = transaction.CreateResponse(transaction.Request.Method.IsKnown ? 405 : 501);
        response.Headers.Add(HeaderName.Allow, Allow);
        return response;
    }

    // What would be passed on to another leg has reached its end; what is for us may be answered (section 16.3, item 3).
    private static bool IsOutOfHops(SipRequest request) =>
        request.MaxForwards == 0 && request.To.Tag is null
        && request.Method != SipMethod.Options && request.Method != SipMethod.Register;

    private List<string>? MissingExtensions(SipRequest request)
    {
        if (!request.Headers.Contains(HeaderName.Require)) return null;
        return request.Headers.GetList(HeaderName.Require)
            .FindAll(tag => !options.SupportedExtensions.Contains(tag, StringComparer.OrdinalIgnoreCase)
                && !(request.Method == SipMethod.Register && options.RegistrarExtensions.Contains(tag, StringComparer.OrdinalIgnoreCase)));
    }
}
