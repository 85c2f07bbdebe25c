namespace EdgeProxy.Architecture.Tests;

/// <summary>The checked-out tree these tests were built from, without what builds leave in it.</summary>
internal static class Repository
{
    private static readonly string[] s_left = ["bin", "obj", "out", "artifacts", "TestResults", "node_modules", ".git"];

    public static string Root { get; } = Find();

    /// <summary>Every file as a path from the root, in order.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static IEnumerable<string> Under(string directory, string extension) =>
        Files.Where(file => file.StartsWith(directory, StringComparison.Ordinal)
            && file.EndsWith(extension, StringComparison.Ordinal));

    private static IEnumerable<string> Walk(string directory)
    {
        foreach (string file in Directory.GetFiles(directory)) { yield return Path.GetRelativePath(Root, file); }
        foreach (string child in Directory.GetDirectories(directory))
        {
            if (s_left.Contains(Path.GetFileName(child), StringComparer.Ordinal)) { continue; }
            foreach (string file in Walk(child)) { yield return file; }
        }
    }

    private static string Find()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "EdgeProxy.slnx")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new DirectoryNotFoundException("EdgeProxy.slnx is in no directory above the tests");
    }
}
