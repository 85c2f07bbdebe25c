using System.Text.Json;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// /health: the process answers. The fields are the original's; "backends" are those of the table in use, and every one
/// of them is registered by being in it.
/// </summary>
internal sealed class HealthPage(Published<RoutingTable> tables, string version, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    public void Write(PageBuffer page)
    {
        int backends = tables.Current.BackendCount;
        using Utf8JsonWriter json = new(page);
        json.WriteStartObject();
        json.WriteString("status"u8, "ok"u8);
        json.WriteString("version"u8, version);
        json.WriteNumber("backends"u8, backends);
        json.WriteNumber("registered_backends"u8, backends);
        json.WriteNumber("uptime_secs"u8, (long)time.GetElapsedTime(_started).TotalSeconds);
        json.WriteEndObject();
    }
}
