using System.Runtime.InteropServices;
using ClickToDial.Media.Linux;
using ClickToDial.Media.Plane;
using Microsoft.Extensions.Logging;

namespace ClickToDial.Media.Tests.Linux;

public sealed class EngineChoiceTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void Where_io_uring_is_forbidden_as_in_a_container_epoll_is_taken_and_the_reason_logged()
    {
        var (name, reason) = Choose(PacketEngine.Auto, forbidden: true);
        Assert.Equal("epoll", name);
        Assert.Contains("io_uring_setup: errno 1", reason, StringComparison.Ordinal);
        Assert.Contains("io_uring_setup: errno 1", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public void Engine_that_was_asked_for_and_is_forbidden_is_an_error() =>
        Assert.Throws<IOException>(() => Choose(PacketEngine.IoUring, forbidden: true));

    [Fact]
    public void Epoll_can_be_forced()
    {
        Assert.Equal(("epoll", "asked for by Media:Engine"), Choose(PacketEngine.Epoll, forbidden: false));
        Assert.Empty(_log);
    }

    // The filter that container runtimes set holds for the thread that asks for it, for good; so on one of its own.
    private (string Name, string Reason) Choose(PacketEngine asked, bool forbidden)
    {
        (string, string)? chosen = null;
        Exception? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (forbidden) ForbidUring();
                var choice = new EngineChoice(new MediaOptions { Engine = asked }, new MediaClock(TimeProvider.System), new ListLogger(_log));
                using var engine = choice.Create();
                chosen = (engine.Name, choice.Reason);
            }
            catch (IOException refusal)
            {
                fault = refusal;
            }
        });
        thread.Start();
        thread.Join();
        return fault is null ? chosen!.Value : throw fault;
    }

    private static unsafe void ForbidUring()
    {
        const int noNewPrivileges = 38, setFilter = 22;
        const nuint filterMode = 2;
        Instruction[] program =
        [
            new(0x20, 0, 0, 0), // load the number of the system call
            new(0x15, 0, 1, 425), // io_uring_setup?
            new(0x06, 0, 0, 0x00050000 | 1), // fail with EPERM
            new(0x06, 0, 0, 0x7FFF0000), // allow
        ];
        fixed (Instruction* first = program)
        {
            var filter = new Program { Length = (ushort)program.Length, First = first };
            Assert.Equal(0, Native.ProcessControl(noNewPrivileges, 1, 0, 0, 0));
            Assert.Equal(0, Native.ProcessControl(setFilter, filterMode, (nuint)(&filter), 0, 0));
        }
    }

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Value);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct Program
    {
        public ushort Length;
        public Instruction* First;
    }

    private sealed class ListLogger(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add(formatter(state, exception));
    }
}
