using System.Buffers;
using System.Text.Json;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// A question to a running proxy: one JSON object on one line, such as <c>{"cmd":"explain","ip":"203.0.113.7"}</c>.
/// docs/reference/admin-socket.md lists the commands and what each takes.
/// </summary>
public sealed record AdminRequest
{
    /// <summary>Longest line, in bytes.</summary>
    public const int BytesMax = 4_096;

    /// <summary>Most backends or candidates one answer lists.</summary>
    public const int LimitMax = 10_000;

    private const int LimitDefault = 1_000;

    /// <summary>status, explain, backends, bindings, version, wg_rotate or wg_rotate_finish.</summary>
    public required string Command { get; init; }

    /// <summary>The client's address, for explain.</summary>
    public string? Ip { get; init; }

    /// <summary>An app's name: needed by explain when there are several, a filter for backends.</summary>
    public string? App { get; init; }

    /// <summary>Most backends or candidates to list, 1 to <see cref="LimitMax"/>.</summary>
    public int Limit { get; init; } = LimitDefault;

    /// <summary>Where to go on: the answer's "next" of the question before.</summary>
    public int After { get; init; }

    /// <summary>The line to send, with its line feed.</summary>
    internal byte[] ToLine()
    {
        ArrayBufferWriter<byte> line = new();
        using (Utf8JsonWriter json = new(line))
        {
            json.WriteStartObject();
            json.WriteString("cmd"u8, Command);
            if (Ip is not null) { json.WriteString("ip"u8, Ip); }
            if (App is not null) { json.WriteString("app"u8, App); }
            json.WriteNumber("limit"u8, Limit);
            json.WriteNumber("after"u8, After);
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Reads a line strictly: an unknown or repeated field, a wrong type or anything after the object is an error.
    /// </summary>
    /// <returns>The request, or null and what is wrong with the line.</returns>
    internal static AdminRequest? Read(ReadOnlySpan<byte> line, out string problem)
    {
        try
        {
            Utf8JsonReader reader = new(line, new JsonReaderOptions { MaxDepth = 1 });
            return ReadObject(ref reader, out problem);
        }
        catch (JsonException)
        {
            problem = "the line is not one flat JSON object; send for example {\"cmd\":\"status\"}";
            return null;
        }
        catch (InvalidOperationException)
        {
            problem = "the line is not valid UTF-8"; // What the reader says of a text it cannot decode.
            return null;
        }
    }

    private static AdminRequest? ReadObject(ref Utf8JsonReader reader, out string problem)
    {
        string? command = null, ip = null, app = null;
        int limit = LimitDefault, after = 0;
        problem = "send one JSON object with a \"cmd\", for example {\"cmd\":\"status\"}";
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) { return null; }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            bool taken = name switch
            {
                "cmd" => TryTakeText(ref reader, ref command),
                "ip" => TryTakeText(ref reader, ref ip),
                "app" => TryTakeText(ref reader, ref app),
                "limit" => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out limit) && limit is >= 1 and <= LimitMax,
                "after" => reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out after) && after >= 0,
                _ => false,
            };
            if (!taken)
            {
                problem = $"\"{name}\" is unknown, repeated or not of its type; the fields are cmd, ip, app (texts), "
                    + $"limit (1 to {LimitMax}) and after (a number)";
                return null;
            }
        }

        bool ended = reader.TokenType == JsonTokenType.EndObject && !reader.Read(); // Anything after it throws.
        return ended && command is not null
            ? new AdminRequest { Command = command, Ip = ip, App = app, Limit = limit, After = after }
            : null;
    }

    private static bool TryTakeText(ref Utf8JsonReader reader, ref string? text)
    {
        if (text is not null || reader.TokenType != JsonTokenType.String) { return false; }
        text = reader.GetString();
        return true;
    }
}
