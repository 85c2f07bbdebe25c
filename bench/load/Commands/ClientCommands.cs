using ConsoleAppFramework;

namespace EdgeProxy.Load;

/// <summary>The loads: each prints one JSON object and ends with 1 when something was lost or refused.</summary>
internal sealed class ClientCommands
{
    private const double SecondsDefault = 5;

    /// <summary>New connections: connect, send, receive the echo, close.</summary>
    /// <param name="target">Address and port of the proxy; its backend is `load echo`.</param>
    /// <param name="concurrency">Connections at any time.</param>
    /// <param name="bytes">Bytes each sends and gets back.</param>
    /// <param name="count">Stop after so many connections; 0 for no limit but --seconds.</param>
    public int Connections(
        ConsoleAppContext context, [Argument] string target, int concurrency = 64, int bytes = 64, long count = 0)
    {
        using ConnectionsClient client = new(SocketAddress.Parse(target), Common(context, count), concurrency, bytes);
        return Run("connections", client, count);
    }

    /// <summary>Round trips: connections that send a message and wait for its echo, over and over.</summary>
    /// <param name="target">Address and port of the proxy; its backend is `load echo`.</param>
    /// <param name="connections">Connections at any time.</param>
    /// <param name="bytes">Bytes of a message.</param>
    /// <param name="count">Stop after so many round trips; 0 for no limit but --seconds.</param>
    /// <param name="backend">Serve the proxy's backend here by the same thread, polling instead of sleeping.</param>
    public int Pingpong(
        ConsoleAppContext context,
        [Argument] string target,
        int connections = 64,
        int bytes = 64,
        long count = 0,
        string? backend = null)
    {
        CommonOptions common = Common(context, count);
        using EchoBackend? beside = backend is null ? null : OpenBackend(backend, common);
        using PingPongClient client = new(SocketAddress.Parse(target), common, connections, bytes) { Beside = beside };
        return Run("pingpong", client, count);
    }

    /// <summary>Downloads as fast as they go.</summary>
    /// <param name="target">Address and port of the proxy; its backend is `load source`.</param>
    /// <param name="flows">Connections.</param>
    /// <param name="count">Stop after so many bytes; 0 for no limit but --seconds.</param>
    public int Download(ConsoleAppContext context, [Argument] string target, int flows = 16, long count = 0) =>
        Bulk(context, target, flows, count, upload: false);

    /// <summary>Uploads as fast as they go.</summary>
    /// <param name="target">Address and port of the proxy; its backend is `load sink`.</param>
    /// <param name="flows">Connections.</param>
    /// <param name="count">Stop after so many bytes; 0 for no limit but --seconds.</param>
    public int Upload(ConsoleAppContext context, [Argument] string target, int flows = 16, long count = 0) =>
        Bulk(context, target, flows, count, upload: true);

    /// <summary>Connections held in silence, and what they cost the proxy.</summary>
    /// <param name="target">Address and port of the proxy; its backend is `load echo`.</param>
    /// <param name="connections">Connections to hold.</param>
    public int Idle(ConsoleAppContext context, [Argument] string target, int connections = 9000)
    {
        using IdleClient client = new(SocketAddress.Parse(target), Common(context, 0), connections);
        Measurement measurement = client.Run(countMax: 0);
        Report.Write(json =>
        {
            Report.WriteClient(json, "idle", client, measurement);
            json.WriteNumber("standing", client.Standing);
            json.WriteNumber("rss_before_bytes", client.Before.RssBytes);
            json.WriteNumber("pss_before_bytes", client.Before.PssBytes);
            double standing = client.Standing;
            Report.Number(
                json, "rss_bytes_per_connection", (measurement.Memory.RssBytes - client.Before.RssBytes) / standing);
            Report.Number(
                json, "pss_bytes_per_connection", (measurement.Memory.PssBytes - client.Before.PssBytes) / standing);
        });
        return client.Errors == 0 ? 0 : 1;
    }

    /// <summary>Random streams both ways with half-closes, every byte checked.</summary>
    /// <param name="target">Address and port of the proxy; its backend is `load integrity-backend`.</param>
    /// <param name="concurrency">Connections at any time.</param>
    /// <param name="count">Connections in all.</param>
    /// <param name="bytesMax">Most bytes one way.</param>
    /// <param name="seed">Of everything random; 0 takes the clock.</param>
    public int Integrity(
        ConsoleAppContext context,
        [Argument] string target,
        int concurrency = 32,
        long count = 1000,
        long bytesMax = 4 * 1024 * 1024,
        int seed = 0)
    {
        seed = seed == 0 ? Environment.TickCount : seed;
        CommonOptions common = Common(context, count);
        using IntegrityClient client = new(SocketAddress.Parse(target), common, concurrency, count, bytesMax, seed);
        Measurement measurement = client.Run(count);
        Report.Write(json =>
        {
            Report.WriteClient(json, "integrity", client, measurement);
            json.WriteNumber("seed", seed);
            json.WriteNumber("bytes_verified", client.BytesVerified);
            json.WriteString("first_fault", client.FirstFault);
        });
        return client.Errors == 0 && client.Units == count ? 0 : 1;
    }

    private static int Bulk(ConsoleAppContext context, string target, int flows, long count, bool upload)
    {
        using BulkClient client = new(SocketAddress.Parse(target), Common(context, count), flows, upload);
        Measurement measurement = client.Run(count);
        IReadOnlyList<long> shares = client.FlowBytes;
        Report.Write(json =>
        {
            Report.WriteClient(json, upload ? "upload" : "download", client, measurement);
            Report.Number(json, "proxy_cpu_seconds_per_gb", measurement.Proxy.CpuNs / (double)client.Units);
            Report.Number(json, "slowest_share_of_equal", shares.Min() / Math.Max(1, shares.Average()));
            Report.Number(json, "fastest_share_of_equal", shares.Max() / Math.Max(1, shares.Average()));
        });
        return client.Errors == 0 ? 0 : 1;
    }

    private static EchoBackend OpenBackend(string listen, CommonOptions common)
    {
        EchoBackend backend = new(SocketAddress.Parse(listen), common.Congestion, Host.RaiseDescriptorLimit());
        backend.Open();
        return backend;
    }

    private static int Run(string mode, Client client, long count)
    {
        Measurement measurement = client.Run(count);
        Report.Write(json => Report.WriteClient(json, mode, client, measurement));
        return client.Errors == 0 ? 0 : 1;
    }

    /// <summary>A load is bounded: without --seconds it takes five, or with a count up to an hour.</summary>
    private static CommonOptions Common(ConsoleAppContext context, long count)
    {
        CommonOptions common = (CommonOptions)context.GlobalOptions!;
        return common.Seconds > 0 || count > 0 ? common : common with { Seconds = SecondsDefault };
    }
}
