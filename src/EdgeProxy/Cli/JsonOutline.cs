using System.Text.Json;

namespace EdgeProxy;

/// <summary>JSON for people: one value a line, indented under its name.</summary>
internal static class JsonOutline
{
    private const int Indent = 2;

    public static void Write(TextWriter output, JsonElement element, int depth = 0)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Name == "ok") { continue; }
            WriteNamed(output, property.Name, property.Value, depth);
        }
    }

    private static void WriteNamed(TextWriter output, string name, JsonElement value, int depth)
    {
        string margin = new(' ', depth * Indent);
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                output.WriteLine($"{margin}{name}:");
                Write(output, value, depth + 1);
                break;
            case JsonValueKind.Array when value.GetArrayLength() == 0:
                output.WriteLine($"{margin}{name}: none");
                break;
            case JsonValueKind.Array:
                output.WriteLine($"{margin}{name}:");
                foreach (JsonElement item in value.EnumerateArray()) { WriteItem(output, item, depth + 1); }
                break;
            default:
                output.WriteLine($"{margin}{name}: {value}");
                break;
        }
    }

    private static void WriteItem(TextWriter output, JsonElement item, int depth)
    {
        string margin = new(' ', depth * Indent);
        if (item.ValueKind != JsonValueKind.Object)
        {
            output.WriteLine($"{margin}- {item}");
            return;
        }

        output.WriteLine($"{margin}- {string.Join("  ", item.EnumerateObject().Select(static p => $"{p.Name}={p.Value}"))}");
    }
}
