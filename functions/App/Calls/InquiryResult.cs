namespace ClickToDial.App.Calls;

/// <summary>What came of looking after an open call.</summary>
public enum InquiryResult
{
    Left,
    WorkerUnreachable,
    Closed,
}
