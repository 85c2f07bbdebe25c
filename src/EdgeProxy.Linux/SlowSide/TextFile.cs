using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// Small files of text, UTF-8 with or without a mark. File.ReadAllText would draw streams, readers and five more
/// encodings into the binary.
/// </summary>
public static class TextFile
{
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static string Read(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
        return Encoding.UTF8.GetString(bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes);
    }

    /// <summary>Its lines, without what ends them.</summary>
    /// <inheritdoc cref="Read"/>
    public static string[] ReadLines(string path)
    {
        string[] lines = Read(path).Split('\n');
        for (int i = 0; i < lines.Length; i++) { lines[i] = lines[i].TrimEnd('\r'); }
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }
}
