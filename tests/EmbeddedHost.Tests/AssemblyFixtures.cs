using ClickToDial.TestKit.Azure;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
