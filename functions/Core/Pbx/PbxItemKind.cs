namespace ClickToDial.Core.Pbx;

/// <summary>What a PBX tells that is no step of a user's call.</summary>
public enum PbxItemKind
{
    QueueCall,
    RingGroupCall,
    Recording,
    Voicemail,
    /// <summary>A webhook object in a call flow was passed.</summary>
    Component,
    /// <summary>Of a type nobody here knows.</summary>
    Unknown,
}
