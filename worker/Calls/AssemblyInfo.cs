using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ClickToDial.Calls.Tests")]
[assembly: InternalsVisibleTo("ClickToDial.Fuzz")]
