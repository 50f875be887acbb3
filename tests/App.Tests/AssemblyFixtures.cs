using ClickToDial.App.Tests.Support;

[assembly: AssemblyFixture(typeof(AppRig))]
