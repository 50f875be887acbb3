using ClickToDial.Calls.Directory;
using ClickToDial.Contracts.Calls;

namespace ClickToDial.Calls.Legs;

/// <summary>A destination that the worker plays itself, without signalling and without ports of its own.</summary>
internal sealed class TestLeg(string id, ILegOwner owner, TestNumber number, LegRole role = LegRole.Destination) : Leg(id, role)
{
    private const int BusyHere = 486;

    public TestNumber Number => number;

    public override void Start()
    {
        switch (number)
        {
            case TestNumber.Busy:
                owner.Tell(this, new LegNews.Failed(BusyHere));
                break;
            case TestNumber.NoAnswer:
                owner.Tell(this, LegNews.Ringing.Instance);
                break;
            default:
                owner.Tell(this, LegNews.Ringing.Instance);
                owner.Tell(this, new LegNews.Answered(default));
                break;
        }
    }

    public override void End(int status, HangUpReason reason)
    {
    }
}
