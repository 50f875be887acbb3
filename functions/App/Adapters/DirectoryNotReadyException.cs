namespace ClickToDial.App.Adapters;

/// <summary>The directory has not been written yet: the tables are new and the seed is on its way.</summary>
public sealed class DirectoryNotReadyException() : Exception("The directory has not been written yet.");
