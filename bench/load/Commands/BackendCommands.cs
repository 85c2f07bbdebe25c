using ConsoleAppFramework;

namespace EdgeProxy.Load;

/// <summary>The servers: each prints `listening ADDRESS` and runs until a signal or the end of --seconds.</summary>
internal sealed class BackendCommands
{
    /// <summary>Server that sends back what it gets.</summary>
    /// <param name="listen">Address and port; port 0 lets the kernel choose.</param>
    public void Echo(ConsoleAppContext context, string listen = "127.0.0.1:0")
    {
        CommonOptions common = Start(context, out int descriptorsMax);
        using EchoBackend backend = new(SocketAddress.Parse(listen), common.Congestion, descriptorsMax);
        backend.Run(common.Seconds);
    }

    /// <summary>Server that swallows what it gets.</summary>
    /// <param name="listen">Address and port; port 0 lets the kernel choose.</param>
    public void Sink(ConsoleAppContext context, string listen = "127.0.0.1:0")
    {
        CommonOptions common = Start(context, out _);
        using SinkBackend backend = new(SocketAddress.Parse(listen), common.Congestion);
        backend.Run(common.Seconds);
    }

    /// <summary>Server that sends as fast as it can.</summary>
    /// <param name="listen">Address and port; port 0 lets the kernel choose.</param>
    /// <param name="bytes">Bytes per connection before its FIN; 0 for no end.</param>
    public void Source(ConsoleAppContext context, string listen = "127.0.0.1:0", long bytes = 0)
    {
        CommonOptions common = Start(context, out int descriptorsMax);
        using SourceBackend backend = new(SocketAddress.Parse(listen), common.Congestion, descriptorsMax, bytes);
        backend.Run(common.Seconds);
    }

    /// <summary>Server that tells its name and region, to HTTP and to plain lines.</summary>
    /// <param name="listen">Address and port; port 0 lets the kernel choose.</param>
    /// <param name="name">Name to answer with.</param>
    /// <param name="region">Region to answer with.</param>
    public void Whoami(ConsoleAppContext context, string name, string region, string listen = "127.0.0.1:0")
    {
        CommonOptions common = Start(context, out _);
        using WhoamiBackend backend = new(SocketAddress.Parse(listen), name, region);
        backend.Run(common.Seconds);
    }

    /// <summary>Server for `load integrity`: checks what it gets and prints its counts when it ends.</summary>
    /// <param name="listen">Address and port; port 0 lets the kernel choose.</param>
    /// <param name="seed">Of the sizes of pieces and the rests.</param>
    public void IntegrityBackend(ConsoleAppContext context, string listen = "127.0.0.1:0", int seed = 1)
    {
        CommonOptions common = Start(context, out int descriptorsMax);
        using IntegrityBackend backend = new(SocketAddress.Parse(listen), common.Congestion, descriptorsMax, seed);
        backend.Run(common.Seconds);
    }

    private static CommonOptions Start(ConsoleAppContext context, out int descriptorsMax)
    {
        CommonOptions common = (CommonOptions)context.GlobalOptions!;
        Host.Pin(common.Cpu);
        descriptorsMax = Host.RaiseDescriptorLimit();
        return common;
    }
}
