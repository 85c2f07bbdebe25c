using System.Runtime.InteropServices;

// By name in the system's directories, never beside the binary or in the working directory.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
