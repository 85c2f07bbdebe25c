using System.Text.Json;
using EdgeProxy.Linux;
using EdgeProxy.Routing;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// Answers questions on the admin socket: a JSON line in, a JSON line out, close. Only this process's own user and root
/// are answered, whatever the file's mode says by then.
/// </summary>
internal sealed class AdminService(Fd listener, ControlPlaneSources sources, StatusAnswer status, string version)
    : Service(listener, connectionsMax: 8, AdminRequest.BytesMax)
{
    private const uint Root = 0;

    private readonly uint _ownUser = SlowSocket.OwnUser;

    public override bool Admits(Fd peer) =>
        SlowSocket.PeerUser(peer, out uint user).Ok && (user == _ownUser || user == Root);

    public override bool TryAnswer(Fd peer, ReadOnlySpan<byte> request, bool full, PageBuffer answer)
    {
        int lineEnd = request.IndexOf((byte)'\n');
        if (lineEnd < 0 && (!full || request.IsEmpty)) { return false; }
        using (Utf8JsonWriter json = new(answer))
        {
            json.WriteStartObject();
            if (lineEnd < 0) { Refuse(json, $"the line does not end, or is longer than {AdminRequest.BytesMax} bytes"); }
            else { Answer(json, request[..lineEnd]); }
            json.WriteEndObject();
        }

        answer.Append('\n');
        return true;
    }

    private void Answer(Utf8JsonWriter json, ReadOnlySpan<byte> line)
    {
        if (AdminRequest.Read(line, out string problem) is not { } request)
        {
            Refuse(json, problem);
            return;
        }

        switch (request.Command)
        {
            case "status":
                Accept(json);
                status.WriteFields(json);
                break;
            case "explain":
                Explain(json, request);
                break;
            case "backends":
                ListBackends(json, request);
                break;
            case "bindings":
                Accept(json);
                json.WriteNumber("count"u8, sources.Router.Bindings.Count);
                break;
            case "version":
                Accept(json);
                json.WriteString("version"u8, version);
                break;
            case "wg_rotate":
                Rotate(json, finish: false);
                break;
            case "wg_rotate_finish":
                Rotate(json, finish: true);
                break;
            default:
                Refuse(json,
                    "unknown cmd; there are status, explain, backends, bindings, version, wg_rotate and wg_rotate_finish");
                break;
        }
    }

    private void Rotate(Utf8JsonWriter json, bool finish)
    {
        if (sources.Tunnel?.Rotate is not { } rotate)
        {
            Refuse(json, "the WireGuard backhaul is off in this proxy; EDGEPROXY_WIREGUARD turns it on");
            return;
        }

        KeyRotationResult result = rotate(finish);
        if (result.Problem is { } problem)
        {
            Refuse(json, problem);
            return;
        }

        Accept(json);
        json.WriteString("public_key"u8, result.PublicKey.ToString());
        json.WriteString("next_public_key"u8, result.NextPublicKey?.ToString());
    }

    private void Explain(Utf8JsonWriter json, AdminRequest request)
    {
        RoutingTable table = sources.Router.Tables.Current;
        if (!TryFindApp(table, request.App, out App? app, out string problem)) { Refuse(json, problem); }
        else if (!IpAddress.TryParse(request.Ip, out IpAddress client))
        {
            Refuse(json, "\"ip\" is not an address; give one such as 203.0.113.7 or 2001:db8::7");
        }
        else if (sources.Router.Explain(table, app!.Id, client, sources.BindingSeconds(), request.Limit) is { } explanation)
        {
            Accept(json);
            ExplanationJson.WriteFields(json, explanation);
        }
    }

    /// <summary>The named app, or the only one.</summary>
    private static bool TryFindApp(RoutingTable table, string? name, out App? app, out string problem)
    {
        app = name is not null ? table.AppByName(name) : table.Apps.Count == 1 ? table.Apps[0] : null;
        problem = name is not null
            ? $"there is no app '{name}'; edgeproxy status lists the apps"
            : "there are several apps; name one with \"app\" (edgeproxy explain --app)";
        return app is not null;
    }

    private void ListBackends(Utf8JsonWriter json, AdminRequest request)
    {
        RoutingTable table = sources.Router.Tables.Current;
        App? app = null;
        if (request.App is not null && !TryFindApp(table, request.App, out app, out string problem))
        {
            Refuse(json, problem);
            return;
        }

        Accept(json);
        json.WriteNumber("table_version"u8, table.Version);
        json.WriteNumber("total"u8, table.BackendCount);
        json.WriteStartArray("backends"u8);
        int index = request.After;
        for (int listed = 0; index < table.BackendCount && listed < request.Limit; index++)
        {
            BackendInfo backend = table.Backend(index);
            if (app is not null && backend.AppId != app.Id) { continue; }
            Write(json, table, backend);
            listed++;
        }

        json.WriteEndArray();
        if (index < table.BackendCount) { json.WriteNumber("next"u8, index); }
    }

    private void Write(Utf8JsonWriter json, RoutingTable table, in BackendInfo backend)
    {
        BackendSlots slots = sources.Router.Slots;
        SlotTotals totals = slots.Totals(backend.Slot);
        json.WriteStartObject();
        json.WriteString("id"u8, slots.IdUtf8(backend.Slot));
        json.WriteString("app"u8, table.AppById(backend.AppId)?.Name);
        json.WriteString("endpoint"u8, backend.Endpoint.ToString());
        json.WriteString("region"u8, table.Regions.Name(backend.Region));
        json.WriteString("country"u8, backend.Country.ToString());
        json.WriteBoolean("healthy"u8, backend.Healthy);
        json.WriteNumber("weight"u8, backend.Weight);
        json.WriteNumber("soft_limit"u8, backend.SoftLimit);
        json.WriteNumber("hard_limit"u8, backend.HardLimit);
        json.WriteNumber("connections"u8, slots.Connections(backend.Slot));
        json.WriteNumber("connections_total"u8, totals.Connections);
        json.WriteNumber("errors_total"u8, totals.Errors);
        json.WriteNumber("upload_bytes"u8, totals.UploadBytes);
        json.WriteNumber("download_bytes"u8, totals.DownloadBytes);
        json.WriteEndObject();
    }

    private static void Accept(Utf8JsonWriter json) => json.WriteBoolean("ok"u8, true);

    private static void Refuse(Utf8JsonWriter json, string why)
    {
        json.WriteBoolean("ok"u8, false);
        json.WriteString("error"u8, why);
    }
}
