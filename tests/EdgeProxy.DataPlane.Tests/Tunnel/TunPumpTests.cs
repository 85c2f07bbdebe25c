using System.Net;
using System.Net.Sockets;
using EdgeProxy.Linux;
using EdgeProxy.Testing;

namespace EdgeProxy.DataPlane.Tests;

/// <summary>
/// The kernel's TCP on both ends, each in a network of its own, between them the packet functions alone.
/// </summary>
public sealed class TunPumpTests
{
    private const int TransferBytes = 24 << 20;
    private const int Mtu = 1_420;

    public static TheoryData<string, string, bool> Networks => new()
    {
        { "10.77.0", "24", false },
        { "fd77::a", "64", false },
        { "10.77.0", "24", true },
        { "fd77::a", "64", true },
    };

    [Theory, MemberData(nameof(Networks))]
    public void Transfer_WhenPacketsAreCutAndJoined_ArrivesWholeBothWays(string network, string bits, bool arranges)
    {
        string? missing = NetworkNamespace.Missing ?? (File.Exists("/dev/net/tun") ? null : "no /dev/net/tun here");
        Assert.SkipWhen(missing is not null, missing ?? "");
        string dot = network.Contains(':') ? ":" : ".";
        (string near, string far) = (network + dot + "1", network + dot + "2");
        byte[] data = new byte[TransferBytes];
        new Random(Mtu).NextBytes(data);
        using ManualResetEventSlim isListening = new();
        TunDevice? farDevice = null;
        Exception? farFailure = null;
        Thread server = new(() =>
        {
            try { NetworkNamespace.Run(() => Serve(far, bits, data, Listening)); }
            catch (Exception error) { farFailure = error; }
            isListening.Set();
        }) { IsBackground = true };
        void Listening(TunDevice device)
        {
            farDevice = device;
            isListening.Set();
        }

        server.Start();
        isListening.Wait();
        Assert.Null(farFailure);

        NetworkNamespace.Run(() =>
        {
            using TunDevice nearDevice = Open("near", near, bits);
            using TunDevice farEnd = farDevice!;
            using TunPump pump = new(nearDevice, farEnd, arranges);
            using TcpClient client = new(IPAddress.Parse(near).AddressFamily);
            client.Connect(IPAddress.Parse(far), 4_000);
            client.Client.Send(data);
            client.Client.Shutdown(SocketShutdown.Send);
            Assert.True(ReadAll(client).AsSpan().SequenceEqual(data), "what came back is not what was sent");
            client.Close();
            server.Join();
            Assert.Null(farFailure);
            Assert.Empty(pump.Problems);
            Assert.True(pump.FramesCut > 100, $"{pump.FramesCut} frames were cut");
            Assert.True(pump.FramesJoined > 100, $"{pump.FramesJoined} frames were joined");
        });
    }

    private static void Serve(string address, string bits, byte[] data, Action<TunDevice> isListening)
    {
        TunDevice device = Open("far", address, bits); // Closed by the test, after the pump has stopped.
        using TcpListener listener = new(IPAddress.Parse(address), 4_000); // A port of its own network.
        listener.Start();
        isListening(device);
        using TcpClient client = listener.AcceptTcpClient();
        byte[] received = ReadAll(client);
        Assert.True(received.AsSpan().SequenceEqual(data), "what arrived is not what was sent");
        client.Client.Send(received);
        client.Client.Shutdown(SocketShutdown.Send);
        Assert.Empty(ReadAll(client)); // This network lasts until the other end has closed.
    }

    private static TunDevice Open(string name, string address, string bits)
    {
        Assert.Equal(TunProblem.None, TunDevice.Open(new TunSettings { Name = name }, out TunDevice? device, out _));
        NetworkNamespace.Shell("ip", "link", "set", name, "mtu", "1420", "up");
        NetworkNamespace.Shell("ip", "addr", "add", $"{address}/{bits}", "dev", name, "nodad");
        return device!;
    }

    private static byte[] ReadAll(TcpClient client)
    {
        client.ReceiveTimeout = 30_000;
        using MemoryStream all = new();
        byte[] some = new byte[1 << 16];
        int count;
        while ((count = client.Client.Receive(some)) > 0) { all.Write(some, 0, count); }
        return all.ToArray();
    }
}
