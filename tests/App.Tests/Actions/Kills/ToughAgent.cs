using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Actions.Kills;

/// <summary>An agent's phone that goes on whatever dies behind the API: asks again after a lost answer, and follows the event stream from where it was.</summary>
internal sealed class ToughAgent(KillableApp app, string user)
{
    private int _seen;

    /// <summary>Presses the button and does whatever the chain asks for, to the chain's end.</summary>
    /// <returns>The chain in short: each action with its result, and the end.</returns>
    public async Task<string> WorkAsync(string button, string form)
    {
        var chain = await PressAsync(button);
        while (!await FollowAsync(chain, form))
        {
            // The stream broke off.
        }
        var whole = (await AskAsync(HttpMethod.Get, $"/api/chains/{chain}")).Json;
        var steps = whole.GetProperty("history").EnumerateArray()
            .Select(s => $"{s.GetProperty("action").GetProperty("name").GetString()} {s.GetProperty("result").GetString()}");
        return $"{string.Join(", ", steps)}: {whole.GetProperty("end").GetProperty("reason").GetString()}";
    }

    private async Task<string> PressAsync(string button)
    {
        var pressed = await AskAsync(HttpMethod.Post, $"/api/softphone/button/{button}", new { user });
        // Its answer was lost, and it began.
        if (pressed.Status == HttpStatusCode.Conflict) return pressed.Json.GetProperty("detail").GetString()!;
        return ActionDesk.ChainOf(pressed);
    }

    /// <returns>Whether the end came.</returns>
    private async Task<bool> FollowAsync(string chain, string form)
    {
        await app.UpAsync();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/chains/{chain}/events");
            request.Headers.Add("X-Api-Key", KillableApp.Key);
            request.Headers.Add("Last-Event-ID", _seen.ToString(CultureInfo.InvariantCulture));
            using var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (!response.IsSuccessStatusCode) return false;
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await reader.ReadLineAsync() is { } line)
            {
                if (line == "event: end") return true;
                if (!line.StartsWith("data: {\"action\"", StringComparison.Ordinal)) continue;
                var step = JsonElement.Parse(line["data: ".Length..]);
                var number = step.GetProperty("number").GetInt32();
                await AnswerAsync(chain, form, number, step.GetProperty("waitsFor").GetString()!);
                _seen = number;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // From where it was, as soon as somebody answers.
        }
        return false;
    }

    private async Task AnswerAsync(string chain, string form, int number, string waitsFor)
    {
        var answer = waitsFor == "form"
            ? await AskAsync(HttpMethod.Post, $"/api/softphone/form/{form}", new { user, number, data = new { first_name = "Eve" } })
            : await AskAsync(HttpMethod.Post, $"/api/chains/{chain}/ack", new { action = number, result = "ok" });
        // Conflict: an earlier try, whose answer was lost, did it.
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, answer.Body);
    }

    /// <summary>Asks until there is an answer that is not about an outage.</summary>
    private async Task<Answer> AskAsync(HttpMethod method, string path, object? body = null)
    {
        while (true)
        {
            await app.UpAsync();
            try
            {
                using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
                request.Headers.Add("X-Api-Key", KillableApp.Key);
                var answer = await Answer.ReadAsync(await app.Client.SendAsync(request));
                if ((int)answer.Status < 500) return answer;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // It died under the request.
            }
        }
    }
}
