using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.Tests;

/// <summary>`edgeproxy wg show` beside the real one, over the same answers.</summary>
public sealed class WgShowCommandTests : IDisposable
{
    private const string Secret = "188515093e952f5f22e865cef3012e72f8b5f0b598ac0309d5dacce3b70fcf52";
    private const string Key1 = "b85996fecc9c7f1fc6d2572a76eda11d59bcd20be8e543b15ce4bd85a8e75a33";
    private const string Key2 = "58402e695ba1772b1cc9309755f043251ea77fdcf10fbe63989ceb7e19321376";
    private const string Key3 = "662e14fd594556f522604703340351258903b64f35553763f19426ab2a515c58";

    private readonly string _directory = Directory.CreateTempSubdirectory("edgeproxy-show-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Thread _thread;
    private string _answer = "";

    public WgShowCommandTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_directory, "wg0.sock")));
        _listener.Listen();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Show_WhenThereIsADevice_PrintsWhatWgPrints()
    {
        long then = DateTimeOffset.UtcNow.AddDays(-400).AddSeconds(-3_725).ToUnixTimeSeconds();
        _answer = $"""
            private_key={Secret}
            listen_port=51820
            fwmark=51820
            public_key={Key1}
            preshared_key={Secret}
            protocol_version=1
            endpoint=192.0.2.1:51820
            last_handshake_time_sec=0
            last_handshake_time_nsec=0
            tx_bytes=0
            rx_bytes=0
            persistent_keepalive_interval=0
            allowed_ip=10.50.1.1/32
            allowed_ip=fd00:50:1::/48
            public_key={Key2}
            preshared_key={new string('0', 64)}
            protocol_version=1
            endpoint=[2001:db8::1]:51820
            last_handshake_time_sec={then}
            last_handshake_time_nsec=5
            tx_bytes=1023
            rx_bytes=1536
            persistent_keepalive_interval=25
            public_key={Key3}
            protocol_version=1
            last_handshake_time_sec={then - 1_000}
            last_handshake_time_nsec=5
            tx_bytes=5368709120
            rx_bytes=3298534883328
            persistent_keepalive_interval=61
            allowed_ip=10.50.3.0/24
            errno=0
            """;
        string real = RealWg.RunOver(_directory, "show wg0");
        Assert.Equal(ExitCode.Done, Show(out Session session));

        // The age moves on between the two, so its last unit is not compared.
        Assert.Equal(WithoutSeconds(real).TrimEnd(), WithoutSeconds(session.Output).TrimEnd());
        Assert.DoesNotContain("GIUVCT6V", session.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_WhenAskedForJson_HidesKeysToo()
    {
        _answer = $"private_key={Secret}\nlisten_port=1\npublic_key={Key1}\npreshared_key={Secret}\nerrno=0";
        Assert.Equal(ExitCode.Done, Show(out Session session, "--json"));
        Assert.Contains("\"preshared_key\":true", session.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("GIUVCT6V", session.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, session.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Show_WhenNobodyAnswersOrWrongly_SaysSo()
    {
        _answer = "errno=-22";
        Assert.Equal(ExitCode.Failed, Show(out _));
        Session none = new();
        Assert.Equal(ExitCode.NotRunning, none.Run("wg", "show", "wg1", "--socket-dir", _directory));
        Assert.Contains("EDGEPROXY_WIREGUARD", none.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, new Session().Run("wg", "show", "../wg0", "--socket-dir", _directory));
    }

    private ExitCode Show(out Session session, params string[] words)
    {
        session = new Session();
        return session.Run(["wg", "show", "wg0", "--socket-dir", _directory, "--db-path",
            Path.Combine(_directory, "none.db"), .. words]);
    }

    private static string WithoutSeconds(string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "[0-9]+ seconds? ago", "ago");

    private void Serve()
    {
        byte[] request = new byte[64];
        try
        {
            while (true)
            {
                using Socket socket = _listener.Accept();
                if (socket.Receive(request) == 0) { continue; } // `wg` looks first whether anybody is there.
                socket.Send(Encoding.UTF8.GetBytes(_answer.ReplaceLineEndings("\n") + "\n\n"));
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
        catch (ObjectDisposedException)
        {
            // The same, a moment earlier.
        }
    }
}
