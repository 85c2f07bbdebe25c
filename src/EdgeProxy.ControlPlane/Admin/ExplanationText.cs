using System.Buffers;
using System.Text.Json;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>An explanation as the admin socket would give it, for one that comes from the files.</summary>
public static class ExplanationText
{
    public static ReadOnlyMemory<byte> ToJson(Explanation explanation)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok"u8, true);
            ExplanationJson.WriteFields(json, explanation);
            json.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }
}
