using System.Text.Json;

namespace EdgeProxy.Load;

/// <summary>The result of a run as one JSON object on standard output; units are in the names.</summary>
internal static class Report
{
    public static void Write(Action<Utf8JsonWriter> content)
    {
        using Stream output = Console.OpenStandardOutput();
        using (Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    /// <summary>What every client reports.</summary>
    public static void WriteClient(Utf8JsonWriter json, string mode, Client client, Measurement measurement)
    {
        json.WriteString("mode", mode);
        json.WriteString("unit", client.Unit);
        json.WriteNumber("units", client.Units);
        json.WriteNumber("errors", client.Errors);
        json.WriteNumber("last_errno", client.LastErrno);
        Number(json, "seconds", measurement.Seconds);
        Number(json, "units_per_second", client.Units / measurement.Seconds);
        if (client.Latency.Count > 0)
        {
            WriteLatency(json, client.Latency);
        }

        WriteUsage(json, "proxy", measurement.Proxy, client.Units, measurement.Seconds, measurement.Memory);
        WriteUsage(json, "load", measurement.Load, client.Units, measurement.Seconds, default);
    }

    public static void Number(Utf8JsonWriter json, string name, double value) =>
        json.WriteNumber(name, double.IsFinite(value) ? Math.Round(value, 6) : 0);

    private static void WriteLatency(Utf8JsonWriter json, Histogram latency)
    {
        json.WriteStartObject("latency_us");
        Number(json, "p50", latency.PercentileNs(0.50) / 1e3);
        Number(json, "p90", latency.PercentileNs(0.90) / 1e3);
        Number(json, "p99", latency.PercentileNs(0.99) / 1e3);
        Number(json, "p999", latency.PercentileNs(0.999) / 1e3);
        Number(json, "max", latency.MaxNs / 1e3);
        json.WriteEndObject();
    }

    private static void WriteUsage(
        Utf8JsonWriter json, string who, in ProcessUsage usage, long units, double seconds, in ProcessMemory memory)
    {
        json.WriteStartObject(who);
        Number(json, "cpu_seconds", usage.CpuNs / 1e9);
        Number(json, "cpu_us_per_unit", usage.CpuNs / 1e3 / units);
        Number(json, "cores_busy", usage.CpuNs / 1e9 / seconds);
        Number(json, "user_share", (double)usage.UserNs / (usage.UserNs + usage.SystemNs));
        json.WriteNumber("threads", usage.Threads);
        json.WriteNumber("descriptors", usage.Descriptors);
        if (memory.RssBytes > 0)
        {
            json.WriteNumber("rss_bytes", memory.RssBytes);
            json.WriteNumber("pss_bytes", memory.PssBytes);
        }

        json.WriteEndObject();
    }
}
