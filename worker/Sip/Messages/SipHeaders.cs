using System.Text;
using ClickToDial.Sip.Parsing;

namespace ClickToDial.Sip.Messages;

/// <summary>
/// The header fields of one message in their order. A parsed field is a slice of the received bytes until somebody asks for
/// its text; copying it to another message copies only the slice. Not thread-safe: a message has one owner.
/// </summary>
public sealed class SipHeaders
{
    private Field[] _fields;
    private int _count;

    public SipHeaders(int capacity = 12) => _fields = new Field[capacity];

    public int Count => _count;

    /// <summary>Changes whenever a field does, so that decoded values can be kept beside it.</summary>
    internal int Version { get; private set; }

    internal ref Field FieldAt(int index) => ref _fields[index];

    public bool Contains(HeaderName name) => IndexOf(name) >= 0;

    /// <summary>Number of fields of that name; a comma-separated field counts once.</summary>
    public int CountOf(HeaderName name)
    {
        var count = 0;
        for (var i = 0; i < _count; i++)
            if (_fields[i].Id == name) count++;
        return count;
    }

    /// <summary>The text of the first field of that name, or null.</summary>
    public string? Get(HeaderName name)
    {
        var index = IndexOf(name);
        return index < 0 ? null : _fields[index].Decode();
    }

    /// <summary>The text of the first field of that name (full or compact, any case), or null.</summary>
    public string? Get(string name)
    {
        var index = IndexOf(name);
        return index < 0 ? null : _fields[index].Decode();
    }

    /// <summary>All values of a list header: every field of that name, split at its top-level commas, in order.</summary>
    public List<string> GetList(HeaderName name)
    {
        var values = new List<string>();
        for (var i = 0; i < _count; i++)
            if (_fields[i].Id == name) AddParts(values, ref _fields[i]);
        return values;
    }

    /// <summary>The text of every field of that name, unsplit (for headers whose value has commas, such as challenges).</summary>
    public List<string> GetAll(HeaderName name)
    {
        var values = new List<string>();
        for (var i = 0; i < _count; i++)
            if (_fields[i].Id == name) values.Add(_fields[i].Decode());
        return values;
    }

    /// <summary>True when a list header has this token, ignoring case.</summary>
    public bool HasToken(HeaderName name, string token)
    {
        if (!Contains(name)) return false;
        foreach (var value in GetList(name))
            if (value.Equals(token, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>Every field as name and text, in order: for logs, tests and pass-through of unknown headers.</summary>
    public IEnumerable<KeyValuePair<string, string>> Enumerate()
    {
        for (var i = 0; i < _count; i++) yield return new(_fields[i].NameText, _fields[i].Decode());
    }

    public SipHeaders Add(HeaderName name, string value)
    {
        if (name == HeaderName.Other) throw new ArgumentException("An unknown header is added by its name.", nameof(name));
        Insert(_count, new Field { Id = name, Text = WireText.Require(value) });
        return this;
    }

    public SipHeaders Add(string name, string value)
    {
        var known = HeaderNames.Find(name);
        if (known != HeaderName.Other) return Add(known, value);
        if (!Grammar.IsToken(Encoding.UTF8.GetBytes(name))) throw new ArgumentException("Not a header name.", nameof(name));
        Insert(_count, new Field { Name = name, Text = WireText.Require(value) });
        return this;
    }

    /// <summary>Puts a field before all others of its name, as a Via or a Record-Route must be.</summary>
    public SipHeaders Prepend(HeaderName name, string value)
    {
        var index = IndexOf(name);
        Insert(index < 0 ? 0 : index, new Field { Id = name, Text = WireText.Require(value) });
        return this;
    }

    /// <summary>Leaves exactly one field of that name, at the place of the first, or at the end.</summary>
    public SipHeaders Set(HeaderName name, string value)
    {
        var index = IndexOf(name);
        if (index < 0) return Add(name, value);
        _fields[index] = new Field { Id = name, Text = WireText.Require(value) };
        for (var i = _count - 1; i > index; i--)
            if (_fields[i].Id == name) RemoveAt(i);
        Version++;
        return this;
    }

    public SipHeaders Remove(HeaderName name)
    {
        for (var i = _count - 1; i >= 0; i--)
            if (_fields[i].Id == name) RemoveAt(i);
        return this;
    }

    /// <summary>Appends every field of that name from another message, without decoding it.</summary>
    public SipHeaders CopyFrom(SipHeaders other, HeaderName name)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < other._count; i++)
            if (other._fields[i].Id == name) Insert(_count, other._fields[i]);
        return this;
    }

    public SipHeaders Clone()
    {
        var copy = new SipHeaders(Math.Max(_count + 2, 4)) { _count = _count };
        Array.Copy(_fields, copy._fields, _count);
        return copy;
    }

    internal int IndexOf(HeaderName name)
    {
        for (var i = 0; i < _count; i++)
            if (_fields[i].Id == name) return i;
        return -1;
    }

    internal void AppendParsed(in Field field) => Insert(_count, field);

    internal void ReplaceAt(int index, string text)
    {
        var old = _fields[index];
        _fields[index] = new Field { Id = old.Id, Name = old.Name, Text = text };
        Version++;
    }

    internal void RemoveAt(int index)
    {
        Array.Copy(_fields, index + 1, _fields, index, _count - index - 1);
        _fields[--_count] = default;
        Version++;
    }

    private int IndexOf(string name)
    {
        var known = HeaderNames.Find(name);
        if (known != HeaderName.Other) return IndexOf(known);
        for (var i = 0; i < _count; i++)
            if (_fields[i].Name is { } own && own.Equals(name, StringComparison.OrdinalIgnoreCase)) return i;
        return -1;
    }

    private void Insert(int index, in Field field)
    {
        if (_count == _fields.Length) Array.Resize(ref _fields, Math.Max(8, _count * 2));
        Array.Copy(_fields, index, _fields, index + 1, _count - index);
        _fields[index] = field;
        _count++;
        Version++;
    }

    private static void AddParts(List<string> values, ref Field field)
    {
        var rest = field.Bytes;
        while (!rest.IsEmpty)
        {
            var end = Grammar.ListElementEnd(rest);
            var part = Grammar.Trim(rest[..end]);
            if (!part.IsEmpty) values.Add(ParameterParser.DecodeText(part));
            rest = end < rest.Length ? rest[(end + 1)..] : default;
        }
    }

    /// <summary>Either a slice of received bytes or a text made here; the text is kept once it was decoded.</summary>
    internal struct Field
    {
        public HeaderName Id;
        public string? Name;
        public string? Text;
        public byte[]? Source;
        public int Start;
        public int Length;

        public readonly string NameText => Name ?? HeaderNames.Text(Id);

        public readonly ReadOnlySpan<byte> Bytes =>
            Source is not null ? Source.AsSpan(Start, Length) : Encoding.UTF8.GetBytes(Text ?? "");

        public string Decode() => Text ??= ParameterParser.DecodeText(Source.AsSpan(Start, Length));
    }
}
