using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;

namespace ClickToDial.TestKit.Azure.ServiceBus;

/// <summary>Answers requests to <c>$cbs</c>, where every token is good, and to the <c>$management</c> of queues.</summary>
internal sealed class BusDesk(IReadOnlyDictionary<string, BusQueue> queues, TimeProvider time)
{
    private const string Tokens = "$cbs";
    private const string Management = "/$management";

    /// <summary>By the address that requests give for the answer.</summary>
    private readonly Dictionary<string, SendingAmqpLink> _answers = [];

    public static bool IsDesk(string address) =>
        address == Tokens || address.EndsWith(Management, StringComparison.OrdinalIgnoreCase);

    public int Register(SendingAmqpLink link)
    {
        _answers[((Target)link.Settings.Target).Address.ToString()!] = link;
        return _answers.Count;
    }

    public void Answer(string address, AmqpMessage request)
    {
        if (request.Properties.ReplyTo?.ToString() is not { } to || !_answers.TryGetValue(to, out var link)) return;
        using var response = address == Tokens ? TokenTaken() : Manage(address[..^Management.Length], request);
        response.Properties.CorrelationId = request.Properties.MessageId;
        link.SendMessageNoWait(response, AmqpConstants.EmptyBinary, AmqpConstants.NullBinary);
    }

    private static AmqpMessage TokenTaken()
    {
        var response = AmqpMessage.Create();
        response.ApplicationProperties.Map["status-code"] = 202;
        response.ApplicationProperties.Map["status-description"] = "Accepted";
        return response;
    }

    private AmqpMessage Manage(string name, AmqpMessage request)
    {
        try
        {
            if (!queues.TryGetValue(name, out var queue)) throw BusErrors.NoQueue(name);
            var operation = (string)request.ApplicationProperties.Map["operation"];
            var answer = new BusManagement(queue, time.GetUtcNow()).Do(operation, (AmqpMap)request.ValueBody.Value);
            return Response(200, null, answer);
        }
        catch (AmqpException e)
        {
            return Response(410, e.Error, new AmqpMap());
        }
    }

    private static AmqpMessage Response(int status, Error? error, AmqpMap answer)
    {
        var response = AmqpMessage.Create(new AmqpValue { Value = answer });
        response.ApplicationProperties.Map["statusCode"] = status;
        if (error is null) return response;
        response.ApplicationProperties.Map["statusDescription"] = error.Description;
        response.ApplicationProperties.Map["errorCondition"] = error.Condition;
        return response;
    }
}
