using System.Collections;
using System.Text;

namespace ClickToDial.Sip.Messages;

/// <summary>One <c>;name=value</c>. The value is as on the wire, quotes included, or null for a flag such as <c>;lr</c>.</summary>
public readonly record struct SipParameter(string Name, string? Value);

/// <summary>An immutable, ordered list of parameters; names compare without case.</summary>
public sealed class SipParameters : IReadOnlyList<SipParameter>
{
    private readonly SipParameter[] _items;

    internal SipParameters(SipParameter[] items) => _items = items;

    public static SipParameters Empty { get; } = new([]);

    public int Count => _items.Length;

    public SipParameter this[int index] => _items[index];

    public bool Has(string name) => IndexOf(name) >= 0;

    /// <summary>The value without its quotes; null when the parameter is absent or is a flag.</summary>
    public string? Get(string name)
    {
        var index = IndexOf(name);
        return index < 0 || _items[index].Value is not { } value ? null : WireText.Unquote(value);
    }

    /// <summary>A copy in which the parameter has this value (null: a flag), at its old place if it was there.</summary>
    public SipParameters With(string name, string? value)
    {
        WireText.Require(name);
        if (value is not null) WireText.Require(value);
        var index = IndexOf(name);
        var copy = new SipParameter[index < 0 ? _items.Length + 1 : _items.Length];
        _items.CopyTo(copy, 0);
        copy[index < 0 ? ^1 : index] = new SipParameter(name, value);
        return new SipParameters(copy);
    }

    public SipParameters Without(string name) =>
        Has(name) ? new SipParameters(Array.FindAll(_items, p => !Same(p.Name, name))) : this;

    public IEnumerator<SipParameter> GetEnumerator() => ((IEnumerable<SipParameter>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void AppendTo(StringBuilder text)
    {
        foreach (var item in _items)
        {
            text.Append(';').Append(item.Name);
            if (item.Value is not null) text.Append('=').Append(item.Value);
        }
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _items.Length; i++)
            if (Same(_items[i].Name, name)) return i;
        return -1;
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
