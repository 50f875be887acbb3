namespace ClickToDial.EmbeddedHost.Durable;

/// <summary>The name of an orchestrator or activity function; compared without regard to case.</summary>
public readonly struct TaskName : IEquatable<TaskName>
{
    private readonly string? _name;
    private readonly string? _version;

    public TaskName(string name)
    {
        _name = name;
        _version = "";
    }

    public string Name => _name ?? "";

    /// <summary>Always empty: functions have no versions here.</summary>
    public string Version => _version ?? "";

    public static implicit operator TaskName(string value) => string.IsNullOrEmpty(value) ? default : new TaskName(value);

    public static implicit operator string(TaskName value) => value.Name;

    public static bool operator ==(TaskName a, TaskName b) => a.Equals(b);

    public static bool operator !=(TaskName a, TaskName b) => !a.Equals(b);

    public bool Equals(TaskName other) => string.Equals(Name, other.Name, StringComparison.OrdinalIgnoreCase);

    public override bool Equals(object? obj) => obj is TaskName other && Equals(other);

    public override int GetHashCode() => StringComparer.OrdinalIgnoreCase.GetHashCode(Name);

    public override string ToString() => Name;
}
