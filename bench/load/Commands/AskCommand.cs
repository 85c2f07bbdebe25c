using System.Diagnostics;
using System.Text;
using ConsoleAppFramework;

namespace EdgeProxy.Load;

/// <summary>A client one can read: connects, asks a whoami server, prints who answered.</summary>
internal sealed unsafe class AskCommand
{
    private const int TimesMax = 100_000;
    private const int AnswerBytesMax = 4096;
    private const int TimeoutMs = 10_000;

    /// <summary>Ask a whoami server, directly or through a proxy, and count the answers.</summary>
    /// <param name="target">Address and port to ask.</param>
    /// <param name="from">Client address to claim in a PROXY protocol v1 header; the proxy must trust the sender.</param>
    /// <param name="times">How many connections to make, one after the other.</param>
    public int Ask([Argument] string target, string? from = null, int times = 1)
    {
        SocketAddress address = SocketAddress.Parse(target);
        if (times is < 1 or > TimesMax)
        {
            Console.Error.WriteLine($"ask: --times goes from 1 to {TimesMax}, not {times}.");
            return 2;
        }

        Dictionary<string, int> answers = [];
        for (int i = 0; i < times; i++)
        {
            string answer = AskOnce(address, from);
            answers[answer] = answers.GetValueOrDefault(answer) + 1;
        }

        foreach ((string answer, int count) in answers.OrderByDescending(pair => pair.Value))
        {
            Console.WriteLine(times == 1 ? answer : $"{count,7} x {answer}");
        }

        return 0;
    }

    private static string AskOnce(in SocketAddress target, string? from)
    {
        int fd = Net.Open(target.Family);
        try
        {
            using Poller poller = new();
            poller.Add(fd, Poller.AllEdges);
            int connected = Net.Connect(fd, target);
            if (connected is not 0 and not -Net.EINPROGRESS)
            {
                return $"no connection: errno {-connected}";
            }

            return Converse(fd, poller, Encoding.ASCII.GetBytes(Header(from, target.Port) + "whoami\n"));
        }
        finally
        {
            Net.Close(fd);
        }
    }

    private static string Converse(int fd, Poller poller, byte[] question)
    {
        byte* answer = stackalloc byte[AnswerBytesMax];
        int length = 0;
        bool asked = false;
        long end = Stopwatch.GetTimestamp() + TimeoutMs * Stopwatch.Frequency / 1000;
        while (Stopwatch.GetTimestamp() < end)
        {
            int result = asked ? Net.Receive(fd, answer + length, AnswerBytesMax - length) : Put(fd, question);
            if (result == -Net.EAGAIN)
            {
                _ = poller.Wait(TimeoutMs);
            }
            else if (result < 0)
            {
                return $"broken: errno {-result}";
            }
            else if (asked && result == 0)
            {
                return length == 0 ? "closed without an answer" : Encoding.UTF8.GetString(answer, length).TrimEnd();
            }
            else
            {
                length += asked ? result : 0;
                asked = true;
            }
        }

        return "no answer in time";
    }

    /// <summary>The question fits into an empty send buffer: all of it or, before the connection stands, nothing.</summary>
    private static int Put(int fd, byte[] question)
    {
        fixed (byte* bytes = question)
        {
            int sent = Net.Send(fd, bytes, question.Length);
            if (sent >= 0)
            {
                Net.Finish(fd);
            }

            return sent;
        }
    }

    /// <summary>The header of the PROXY protocol, version 1 (haproxy, proxy-protocol.txt, section 2.1).</summary>
    private static string Header(string? from, ushort port) =>
        from is null ? ""
        : from.Contains(':', StringComparison.Ordinal) ? $"PROXY TCP6 {from} ::1 40000 {port}\r\n"
        : $"PROXY TCP4 {from} 127.0.0.1 40000 {port}\r\n";
}
