using ClickToDial.TestKit.Events;

[assembly: Witnesses]
