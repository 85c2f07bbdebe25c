using System.IO.Pipes;
using System.Text;
using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane.Tests;

/// <summary>A pipe whose writing end is given to a log and whose reading end the test holds.</summary>
internal sealed class Pipe : IDisposable
{
    private readonly AnonymousPipeServerStream _reader = new(PipeDirection.In);

    /// <summary>The end a log writes to.</summary>
    public Fd Writer => new((int)_reader.ClientSafePipeHandle.DangerousGetHandle());

    /// <summary>Reads until <paramref name="text"/> has been seen.</summary>
    /// <returns>All that was read.</returns>
    public string ReadUntil(string text)
    {
        StringBuilder seen = new();
        byte[] buffer = new byte[4_096];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal))
        {
            int count = _reader.Read(buffer);
            if (count == 0) { break; }
            seen.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return seen.ToString();
    }

    /// <summary>Reads exactly this many bytes.</summary>
    public string ReadBytes(int count)
    {
        byte[] buffer = new byte[count];
        _reader.ReadExactly(buffer);
        return Encoding.UTF8.GetString(buffer);
    }

    /// <summary>Reads to the end, which the writer must have closed with <see cref="CloseWriter"/>.</summary>
    public string ReadToEnd()
    {
        using StreamReader reader = new(_reader, Encoding.UTF8, leaveOpen: true);
        return reader.ReadToEnd();
    }

    public void CloseWriter() => _reader.DisposeLocalCopyOfClientHandle();

    /// <summary>Closes the reading end, as a log collector that has died.</summary>
    public void CloseReader() => _reader.SafePipeHandle.Dispose();

    public void Dispose() => _reader.Dispose();
}
