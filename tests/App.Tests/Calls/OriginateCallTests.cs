using System.Net;
using ClickToDial.App.Calls;
using ClickToDial.App.Tests.Support;
using ClickToDial.Contracts.Control;
using ClickToDial.Core.Access;
using ClickToDial.Core.Directory;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Tests.Calls;

public sealed class OriginateCallTests(AppRig app)
{
    [Fact]
    public async Task GoodRequest_IsAcceptedAndReachesTheWorkerWhole()
    {
        var domain = app.NewDomain();

        var answer = await domain.PostCallAsync(
            new { user = "101", destination = "+12025550100", callerId = "+12025550111", prompt = true, autoAnswer = true, ringTimeoutSeconds = 20, unknown = new { a = 1 } });

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        var id = answer.Json.GetProperty("id").GetString()!;
        Assert.Equal($"/api/calls/{id}", answer.Header("Location"));
        Assert.Equal("requested", answer.Json.GetProperty("state").GetString());
        var (callId, command) = Assert.Single(app.Worker.Dialled.Snapshot(), d => d.Command.Domain == domain.Name);
        Assert.Equal(id, callId.Value);
        Assert.Equal(
            new OriginateCommand(domain.Name, "101", "+12025550100", "+12025550111", true, 20, 600, AutoAnswer: true),
            command with { TraceParent = null, NotAfter = null });
        var call = await domain.GetAsync($"/api/calls/{id}");
        Assert.Equal("requested", call.Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Repeat_GetsTheSameAnswerAndDialsOnce()
    {
        var domain = app.NewDomain();
        var key = TestDomain.NewKey();

        var first = await domain.PostCallAsync(key: key);
        var second = await domain.PostCallAsync("""{ "destination":"echo", "user" : "101" }""", key);

        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.Header("Location"), second.Header("Location"));
        Assert.Equal((null, "true"), (first.Header("Idempotency-Replayed"), second.Header("Idempotency-Replayed")));
        Assert.Equal(1, domain.CommandsAtWorker);
    }

    [Fact]
    public async Task SameKeyWithAnotherBody_IsRefused()
    {
        var domain = app.NewDomain();
        var key = TestDomain.NewKey();
        await domain.PostCallAsync(key: key);

        (await domain.PostCallAsync(TestDomain.Call("busy"), key)).IsProblem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");

        Assert.Equal(1, domain.DialledAtWorker);
    }

    [Fact]
    public async Task ManyIdenticalRequestsAtOnce_DialOnce()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync(new { user = "101", calls = 1 });
        var key = TestDomain.NewKey();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => domain.PostCallAsync(key: key, token: token)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Accepted, a.Status));
        Assert.Single(answers.Select(a => a.Body).Distinct());
        Assert.Equal(1, domain.DialledAtWorker);
    }

    [Fact]
    public async Task ManyDifferentRequestsOnOneTokenAtOnce_NeverExceedItsCalls()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync(new { user = "101", calls = 3 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => domain.PostCallAsync(token: token)));

        Assert.Equal(3, answers.Count(a => a.Status == HttpStatusCode.Accepted));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Accepted), a => a.IsProblem(HttpStatusCode.Forbidden, "token-spent"));
        Assert.Equal(3, domain.DialledAtWorker);
    }

    [Fact]
    public async Task RateLimit_HoldsForConcurrentRequestsAndSaysWhenToComeBack()
    {
        var domain = app.NewDomain();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => domain.PostCallAsync()));

        Assert.Equal(5, answers.Count(a => a.Status == HttpStatusCode.Accepted));
        var refused = answers.First(a => a.Status != HttpStatusCode.Accepted);
        refused.IsProblem(HttpStatusCode.TooManyRequests, "user-rate-limited");
        Assert.InRange(int.Parse(refused.Header("Retry-After")!), 1, 60);
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(TestDomain.Call(user: "102"))).Status);
    }

    public static TheoryData<int, string, int, string> WorkerRefusals => new()
    {
        { 503, WorkerProblemReasons.Draining, 503, "worker-draining" },
        { 503, WorkerProblemReasons.NoCapacity, 503, "worker-no-capacity" },
        { 503, WorkerProblemReasons.NotReady, 503, "worker-unavailable" },
        { 401, WorkerProblemReasons.Unauthorized, 503, "worker-unavailable" },
        { 500, "anything", 503, "worker-unavailable" },
        { 400, WorkerProblemReasons.InvalidCommand, 502, "worker-refused" },
    };

    [Theory]
    [MemberData(nameof(WorkerRefusals))]
    public async Task WorkerThatRefuses_IsSaidAndTheSameKeyWorksLater(int status, string reason, int expected, string problem)
    {
        var domain = app.NewDomain();
        var key = TestDomain.NewKey();
        app.Worker.Refuse(domain.Name, status, reason);

        (await domain.PostCallAsync(key: key)).IsProblem((HttpStatusCode)expected, problem);
        Assert.Equal(0, domain.DialledAtWorker);

        app.Worker.Behave(domain.Name);
        Assert.Equal(HttpStatusCode.Accepted, (await domain.PostCallAsync(key: key)).Status);
        Assert.Equal(1, domain.DialledAtWorker);
    }

    [Fact]
    public async Task WorkerThatTalksNonsense_IsUnavailable()
    {
        var domain = app.NewDomain();
        app.Worker.TalkNonsense(domain.Name);

        (await domain.PostCallAsync()).IsProblem(HttpStatusCode.ServiceUnavailable, "worker-unavailable");
    }

    [Fact]
    public async Task AnswerLostAfterTheWorkerDialled_IsMendedByTheRepeatWithoutDiallingAgain()
    {
        var domain = app.NewDomain();
        var key = TestDomain.NewKey();
        app.Worker.BreakAfterTaking(domain.Name);
        (await domain.PostCallAsync(key: key)).IsProblem(HttpStatusCode.ServiceUnavailable, "worker-unavailable");

        app.Worker.Behave(domain.Name);
        var again = await domain.PostCallAsync(key: key);

        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.Equal((2, 1), (domain.CommandsAtWorker, domain.DialledAtWorker));
        Assert.Equal(app.Worker.Dialled.Snapshot().Single(d => d.Command.Domain == domain.Name).Id.Value, again.Json.GetProperty("id").GetString());
    }

    [Fact]
    public async Task AttemptsForOneKeyAtOnce_ShareOneMark()
    {
        var domain = app.NewDomain();
        var key = TestDomain.NewKey();
        app.Worker.Refuse(domain.Name, 503, WorkerProblemReasons.Draining);
        await domain.PostCallAsync(key: key);
        var between = HttpStatusCode.OK;
        app.Faults.BeforeReplacing(domain.Name, async () => between = (await domain.PostCallAsync(key: key)).Status);

        await domain.PostCallAsync(key: key);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, between);
        var limits = app.Worker.Commands.Snapshot().Where(c => c.Command.Domain == domain.Name).Select(c => c.Command.NotAfter).ToList();
        Assert.Equal(3, limits.Count);
        Assert.NotEqual(limits[0], limits[1]);
        Assert.Equal(limits[1], limits[2]);
    }

    [Fact]
    public async Task ReplayOfASpentToken_StillGetsItsAnswer()
    {
        var domain = app.NewDomain();
        var token = await domain.TokenAsync(new { user = "101" });
        var key = TestDomain.NewKey();
        var first = await domain.PostCallAsync(key: key, token: token);

        (await domain.PostCallAsync(token: token)).IsProblem(HttpStatusCode.Forbidden, "token-spent");
        Assert.Equal(first.Body, (await domain.PostCallAsync(key: key, token: token)).Body);
    }

    [Fact]
    public async Task RenewedTokenWithTheSameKey_DoesNotDialAgain()
    {
        var domain = app.NewDomain();
        var key = TestDomain.NewKey();
        var first = await domain.PostCallAsync(key: key, token: await domain.TokenAsync());

        var second = await domain.PostCallAsync(key: key, token: await domain.TokenAsync());

        Assert.Equal(first.Body, second.Body);
        Assert.Equal(1, domain.DialledAtWorker);
    }

    [Fact]
    public async Task Originate_CostsFiveRequestsToStorageAndARepeatOne()
    {
        var domain = app.NewDomain();
        var principal = new Principal("key:a", domain.Name, ApiScopes.CallsWrite, null);
        var handler = app.Services.GetRequiredService<OriginateRequestHandler>();
        async Task OriginateAsync() => Assert.True(
            (await handler.HandleAsync(principal, "k", """{"user":"101","destination":"echo"}"""u8.ToArray(), CancellationToken.None)).IsOk);
        await app.Services.GetRequiredService<IDirectoryReader>().GetAsync(CancellationToken.None);

        Assert.Equal(5, await app.Storage.OfAsync(OriginateAsync));
        Assert.Equal(1, await app.Storage.OfAsync(OriginateAsync));
    }
}
