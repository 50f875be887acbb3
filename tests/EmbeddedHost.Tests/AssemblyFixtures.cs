using ClickToDial.TestKit.Azure;
using ClickToDial.TestKit.Events;

[assembly: Witnesses]
[assembly: AssemblyFixture(typeof(AzuriteFixture))]
