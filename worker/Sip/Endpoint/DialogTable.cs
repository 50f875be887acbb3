using System.Collections.Concurrent;
using ClickToDial.Sip.Dialogs;

namespace ClickToDial.Sip.Endpoint;

/// <summary>The dialogs that get requests. Thread-safe.</summary>
public sealed class DialogTable
{
    private readonly ConcurrentDictionary<DialogId, Dialog> _dialogs = new();

    public int Count => _dialogs.Count;

    /// <summary>Those that there are at about this moment.</summary>
    public IEnumerable<Dialog> All => _dialogs.Values;

    public Dialog? Find(DialogId id) => _dialogs.GetValueOrDefault(id);

    public void Add(Dialog dialog)
    {
        ArgumentNullException.ThrowIfNull(dialog);
        _dialogs[dialog.Id] = dialog;
    }

    /// <summary>Ends the dialog and forgets it; what still arrives for it gets 481.</summary>
    public void Remove(Dialog dialog)
    {
        ArgumentNullException.ThrowIfNull(dialog);
        dialog.Terminate();
        dialog.User = null; // A late answer may keep the dialog for half a minute, but not the call behind it.
        _dialogs.TryRemove(new KeyValuePair<DialogId, Dialog>(dialog.Id, dialog));
    }
}
