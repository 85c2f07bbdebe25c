using EdgeProxy.Linux;

namespace EdgeProxy;

/// <summary>The files by which a Linux host says how it is set up, under a root that a test may choose.</summary>
internal sealed class HostFiles(string root)
{
    /// <summary>The text of a small file, trimmed, or null when it is not there or not readable.</summary>
    public string? Read(string path)
    {
        try
        {
            return TextFile.Read(root + path).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A sysctl by its dotted name.</summary>
    public string? Sysctl(string name) => Read("/proc/sys/" + name.Replace('.', '/'));

    public bool Exists(string path) => Path.Exists(root + path);

    /// <summary>Whether a kernel module is loaded or could be: built in, or a file of the running kernel.</summary>
    public bool HasModule(string name, string pathInModules)
    {
        if (Exists($"/sys/module/{name}")) { return true; }
        string modules = $"/lib/modules/{Sysctl("kernel.osrelease")}";
        string builtIn = Read($"{modules}/modules.builtin") ?? "";
        return builtIn.Contains($"/{name}.ko", StringComparison.Ordinal)
            || Exists($"{modules}/{pathInModules}.ko") || Exists($"{modules}/{pathInModules}.ko.xz")
            || Exists($"{modules}/{pathInModules}.ko.zst");
    }
}
