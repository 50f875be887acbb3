using System.Runtime.InteropServices;

namespace ClickToDial.Calls.Events;

/// <summary>Forces the names in a folder to disk, which the runtime has no way to ask for. Does nothing but on Linux.</summary>
internal static partial class FolderSync
{
    private const int ReadOnlyFolderCloseOnExec = 0x10000 | 0x80000;

    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Force(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        var descriptor = Open(folder, ReadOnlyFolderCloseOnExec);
        if (descriptor < 0) throw new IOException($"The folder of the spool cannot be opened: errno {Marshal.GetLastPInvokeError()}.");
        try
        {
            if (Sync(descriptor) < 0) throw new IOException($"The folder of the spool cannot be synced: errno {Marshal.GetLastPInvokeError()}.");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
