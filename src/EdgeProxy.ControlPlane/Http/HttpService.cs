using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>Answers GET and HEAD on the metrics address: the metrics page, /health and /ready.</summary>
internal sealed class HttpService(Fd listener, string metricsPath, PageSet pages)
    : Service(listener, connectionsMax: 32, HttpHead.BytesMax)
{
    private const int LengthWidth = 10;

    private readonly byte[] _metricsPath = System.Text.Encoding.UTF8.GetBytes(metricsPath);

    public override bool Admits(Fd peer) => true;

    public override bool TryAnswer(Fd peer, ReadOnlySpan<byte> request, bool full, PageBuffer answer)
    {
        if (request.IsEmpty) { return false; } // Came and went without a word: a port check.
        HttpHeadOutcome outcome = HttpHead.Read(request, out HttpHead head);
        switch (outcome)
        {
            case HttpHeadOutcome.Incomplete when !full:
                return false;
            case HttpHeadOutcome.Complete:
                Answer(head, answer);
                return true;
            case HttpHeadOutcome.TargetTooLong:
                Refuse(answer, "414 URI Too Long"u8, "the request target is too long\n"u8);
                return true;
            case HttpHeadOutcome.TooLarge:
                Refuse(answer, "431 Request Header Fields Too Large"u8, "the request head is too large\n"u8);
                return true;
            case HttpHeadOutcome.VersionUnknown:
                Refuse(answer, "505 HTTP Version Not Supported"u8, "HTTP/1.0 and HTTP/1.1 are spoken here\n"u8);
                return true;
            default:
                Refuse(answer, "400 Bad Request"u8, "this is not an HTTP/1.1 request\n"u8);
                return true;
        }
    }

    private void Answer(in HttpHead head, PageBuffer answer)
    {
        bool isHead = head.Method.SequenceEqual("HEAD"u8);
        if (!isHead && !head.Method.SequenceEqual("GET"u8))
        {
            Refuse(answer, "405 Method Not Allowed"u8, "GET and HEAD are all there is\n"u8);
            return;
        }

        int bodyStart;
        int lengthAt;
        if (head.Path.SequenceEqual(_metricsPath))
        {
            (lengthAt, bodyStart) = Begin(answer, "200 OK"u8, "text/plain; version=0.0.4; charset=utf-8"u8);
            pages.Metrics.Write(answer);
        }
        else if (head.Path.SequenceEqual("/health"u8))
        {
            (lengthAt, bodyStart) = Begin(answer, "200 OK"u8, "application/json"u8);
            pages.Health.Write(answer);
        }
        else if (head.Path.SequenceEqual("/ready"u8))
        {
            bool ready = pages.Ready.IsReady;
            ReadOnlySpan<byte> status = ready ? "200 OK"u8 : "503 Service Unavailable"u8;
            (lengthAt, bodyStart) = Begin(answer, status, "application/json"u8);
            pages.Ready.Write(answer, ready);
        }
        else
        {
            (lengthAt, bodyStart) = Begin(answer, "404 Not Found"u8, "text/plain; charset=utf-8"u8);
            answer.Append("not here; try "u8);
            answer.Append(_metricsPath);
            answer.Append(", /health or /ready\n"u8);
        }

        End(answer, lengthAt, bodyStart, isHead);
    }

    private static void Refuse(PageBuffer answer, ReadOnlySpan<byte> status, ReadOnlySpan<byte> why)
    {
        (int lengthAt, int bodyStart) = Begin(answer, status, "text/plain; charset=utf-8"u8);
        answer.Append(why);
        End(answer, lengthAt, bodyStart, isHead: false);
    }

    private static (int LengthAt, int BodyStart) Begin(
        PageBuffer answer, ReadOnlySpan<byte> status, ReadOnlySpan<byte> contentType)
    {
        answer.Append("HTTP/1.1 "u8);
        answer.Append(status);
        answer.Append("\r\nContent-Type: "u8);
        answer.Append(contentType);
        if (status.StartsWith("405"u8)) { answer.Append("\r\nAllow: GET, HEAD"u8); }
        answer.Append("\r\nCache-Control: no-store\r\nConnection: close\r\nContent-Length: "u8);
        int lengthAt = answer.Length;
        answer.Append("          \r\n\r\n"u8); // LengthWidth blanks: blanks before a value are allowed (RFC 9110 §5.5).
        return (lengthAt, answer.Length);
    }

    private static void End(PageBuffer answer, int lengthAt, int bodyStart, bool isHead)
    {
        answer.TrimToLine();
        answer.Overwrite(lengthAt, LengthWidth, answer.Length - bodyStart);
        if (isHead) { answer.Truncate(bodyStart); }
    }
}
