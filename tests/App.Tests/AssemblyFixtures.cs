using ClickToDial.App.Tests.Support;
using ClickToDial.TestKit.Events;

[assembly: Witnesses]
[assembly: AssemblyFixture(typeof(AppRig))]
