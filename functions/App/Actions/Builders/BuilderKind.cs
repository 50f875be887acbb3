using ClickToDial.Core.Problems;

namespace ClickToDial.App.Actions.Builders;

/// <param name="Path">Its list is at <c>/api/</c> and this.</param>
public sealed record BuilderKind(string Path, Problem Unknown, Func<ItemTables, ItemTable> Table);
