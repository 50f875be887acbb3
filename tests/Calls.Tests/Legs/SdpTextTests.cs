using System.Text;
using ClickToDial.Calls.Legs;

namespace ClickToDial.Calls.Tests.Legs;

public sealed class SdpTextTests
{
    [Theory]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\ns=-\r\n", "v=0\no=- 1 2 IN IP4 a\ns=-", true)]
    [InlineData("v=0\r\no=- 1 1 IN IP4 a\r\ns=-\r\n", "v=0\r\no=- 1 1 IN IP4 a\r\ns=x\r\n", false)]
    [InlineData("v=0\r\n", "v=0\r\ns=-\r\n", false)]
    [InlineData("", "", true)]
    public void Two_descriptions_say_the_same_but_for_their_version(string one, string other, bool same) =>
        Assert.Equal(same, SdpText.SaySame(Encoding.ASCII.GetBytes(one), Encoding.ASCII.GetBytes(other)));
}
