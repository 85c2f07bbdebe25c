using dnlib.DotNet;

namespace EdgeProxy.Architecture.Tests;

/// <summary>What a project never touches, by name: a namespace ("System.Linq."), a type, or a member of one.</summary>
internal sealed record Forbidden(string What, params string[] Names)
{
    public static Forbidden Clocks { get; } = new("a clock",
        "System.DateTime::get_Now", "System.DateTime::get_UtcNow", "System.DateTime::get_Today",
        "System.DateTimeOffset::get_Now", "System.DateTimeOffset::get_UtcNow", "System.TimeProvider",
        "System.Diagnostics.Stopwatch", "System.Environment::get_TickCount", "System.Environment::get_TickCount64",
        "System.Threading.Timer", "System.Threading.PeriodicTimer");

    public static Forbidden Files { get; } = new("a file",
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo",
        "System.IO.FileSystemWatcher", "System.IO.RandomAccess", "System.IO.DriveInfo", "System.IO.StreamReader",
        "System.IO.StreamWriter", "System.IO.MemoryMappedFiles.", "System.IO.Pipes.", "Microsoft.Win32.SafeHandles.");

    public static Forbidden Sockets { get; } = new("a socket",
        "System.Net.Sockets.Socket", "System.Net.Sockets.TcpClient", "System.Net.Sockets.TcpListener",
        "System.Net.Sockets.UdpClient", "System.Net.Sockets.NetworkStream", "System.Net.Http.", "System.Net.Dns",
        "System.Net.Security.");

    public static Forbidden Logs { get; } = new("a log",
        "System.Console", "System.Diagnostics.Trace", "System.Diagnostics.Tracing.", "Microsoft.Extensions.Logging.");

    public static Forbidden Chance { get; } = new("randomness or an environment of its own",
        "System.Random::get_Shared", "System.Guid::NewGuid", "System.Security.Cryptography.RandomNumberGenerator",
        "System.Environment::GetEnvironmentVariable", "System.Environment::GetEnvironmentVariables");

    public static Forbidden Async { get; } = new("async",
        "System.Threading.Tasks.", "System.Runtime.CompilerServices.IAsyncStateMachine", "System.Threading.Timer",
        "System.Runtime.CompilerServices.AsyncTaskMethodBuilder", "System.Runtime.CompilerServices.AsyncVoidMethodBuilder");

    public static Forbidden Locks { get; } = new("a lock",
        "System.Threading.Monitor", "System.Threading.Lock", "System.Threading.ReaderWriterLock",
        "System.Threading.ReaderWriterLockSlim", "System.Threading.Semaphore", "System.Threading.SemaphoreSlim",
        "System.Threading.Mutex", "System.Threading.SpinLock", "System.Threading.SpinWait",
        "System.Threading.Thread::Sleep");

    public static Forbidden Linq { get; } = new("LINQ", "System.Linq.");

    public static Forbidden Sqlite { get; } = new("SQLite", "EdgeProxy.Storage.", "SQLitePCL.", "Microsoft.Data.Sqlite.");

    public static Forbidden WebServer { get; } = new("a web server", "Microsoft.AspNetCore.", "System.Net.HttpListener");

    public static Forbidden UnsafeCode { get; } = new("unsafe or native code",
        Use.Pointer, Use.NativeCode, "System.Runtime.CompilerServices.Unsafe", "System.Runtime.InteropServices.Marshal",
        "System.Runtime.InteropServices.NativeMemory", "System.Runtime.InteropServices.NativeLibrary",
        "System.Runtime.InteropServices.MemoryMarshal");

    /// <summary>Each use of what is forbidden, as a sentence.</summary>
    public IEnumerable<string> FindIn(TypeDef type) => UseReader.Of(type)
        .Where(IsForbidden)
        .Select(use => $"{use}: {What}")
        .Distinct(StringComparer.Ordinal);

    private bool IsForbidden(Use use)
    {
        foreach (string name in Names)
        {
            bool found = name.EndsWith('.')
                ? use.Type.StartsWith(name, StringComparison.Ordinal)
                : name == use.Type || name == $"{use.Type}::{use.Member}"
                    || use.Type.StartsWith(name + "`", StringComparison.Ordinal);
            if (found) { return true; }
        }

        return false;
    }
}
