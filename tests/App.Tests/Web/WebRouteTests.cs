using System.Net;
using ClickToDial.App.Tests.Support;

namespace ClickToDial.App.Tests.Web;

/// <summary>What the router makes of addresses of files.</summary>
public sealed class WebRouteTests(AppRig app)
{
    [Theory]
    [InlineData("/web")]
    [InlineData("/web/")]
    [InlineData("/web/none.js")]
    [InlineData("/web/none/none.js")]
    public async Task AddressWithoutAFile_IsNotFound(string address)
    {
        var domain = app.NewDomain();

        (await domain.GetAsync(address)).IsProblem(HttpStatusCode.NotFound, "file-not-found");
    }
}
