using System.Text;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class LogSinkTests
{
    [Fact]
    public void Add_WhenTheReaderHasStopped_LosesWholeLinesAndCountsThem()
    {
        using Pipe pipe = new();
        LogSink sink = new(pipe.Writer);
        const int Lines = 20_000;
        for (int i = 0; i < Lines; i++)
        {
            sink.Add(Encoding.ASCII.GetBytes($"line {i:D6} {new string('x', 50)}\n"));
            if (i % 64 == 0) { sink.Flush(); } // Would wait for ever if it waited at all.
        }

        Assert.InRange(sink.Dropped, 1, Lines - 1);
        long kept = Lines - sink.Dropped;
        string all = Drain(pipe, sink, kept);
        string[] lines = all.TrimEnd('\n').Split('\n');
        Assert.Equal(kept, lines.Length);
        Assert.All(lines, static line => Assert.Matches("^line [0-9]{6} x{50}$", line));
        Assert.Equal(Enumerable.Range(0, (int)kept), lines.Select(static line => int.Parse(line.AsSpan(5, 6))));
    }

    [Fact]
    public void Flush_WhenTheReaderIsGone_CountsWhatWaitedAndGoesOn()
    {
        using Pipe pipe = new();
        LogSink sink = new(pipe.Writer);
        pipe.CloseReader();
        sink.Add("one\n"u8);
        sink.Add("two\n"u8);
        sink.Flush();
        Assert.Equal(2, sink.Dropped);
        Assert.Equal(0, sink.Pending);
        sink.Add("three\n"u8);
        sink.Flush();
        Assert.Equal(3, sink.Dropped);
    }

    private static string Drain(Pipe pipe, LogSink sink, long lines)
    {
        const int LineBytes = 63;
        StringBuilder all = new();
        long left = lines * LineBytes;
        while (left > 0)
        {
            sink.Flush();
            int chunk = (int)Math.Min(left, LineBytes * 16);
            all.Append(pipe.ReadBytes(chunk));
            left -= chunk;
        }

        return all.ToString();
    }
}
