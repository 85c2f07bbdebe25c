using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Telemetry;

namespace EdgeProxy.DataPlane;

/// <summary>The PROXY protocol header a trusted peer sends first.</summary>
internal sealed partial class Loop
{
    /// <returns>True when no header is to be waited for.</returns>
    private bool BeginHeader(ref Connection connection, AppPolicy policy)
    {
        if (!policy.ProxyProtocolTrusted.Contains(connection.Client.Address))
        {
            if (policy.ProxyProtocolIn != ProxyProtocolIn.Required) { return true; }
            connection.Enter(ConnectionState.Header);
            Close(ref connection, CloseReason.ProxyHeaderUntrusted, EndedBy.Proxy, reset: true);
            return false;
        }

        connection.Enter(ConnectionState.Header);
        _timers.Set(ref connection, _nowMs + policy.ProxyHeaderTimeoutMs);
        Receive(ref connection, FlowSide.Upload);
        return false;
    }

    private void ReadHeader(ref Connection connection)
    {
        ref Flow upload = ref connection.Upload;
        GatherHeader(ref upload);
        ReadOnlySpan<byte> bytes = _io.Bytes(upload.QueueHead)[.._bufferCount[upload.QueueHead]];
        ProxyHeaderParse parse = ProxyHeaderParser.Parse(bytes);
        switch (parse.Outcome)
        {
            case ProxyHeaderOutcome.NeedMore:
                return;
            case ProxyHeaderOutcome.Malformed:
                Close(ref connection, CloseReason.ProxyHeaderMalformed, EndedBy.Proxy, reset: true);
                return;
            case ProxyHeaderOutcome.NotAHeader when Policy(connection)?.ProxyProtocolIn == ProxyProtocolIn.Required:
                Close(ref connection, CloseReason.ProxyHeaderMissing, EndedBy.Proxy, reset: true);
                return;
            case ProxyHeaderOutcome.NotAHeader:
                break;
            case ProxyHeaderOutcome.Parsed:
                if (parse.HasAddresses) { connection.Client = parse.Source; }
                TakeHeaderBytes(ref upload, parse.HeaderBytes);
                break;
            default:
                Invariant.Holds(false);
                break;
        }

        LeaveHeader(ref connection);
    }

    private void LeaveHeader(ref Connection connection)
    {
        connection.Enter(ConnectionState.Connecting);
        _counters.CopiedBytes += connection.Upload.Bytes;
        CountBytes(ref connection, FlowSide.Upload, connection.Upload.Bytes);
        if (Policy(connection) is { } policy) { StartRouting(ref connection, policy); }
        else { Close(ref connection, CloseReason.AppRemoved, EndedBy.Proxy, reset: true); }
    }

    /// <summary>The client finished, or its time was up, before the header was whole.</summary>
    private void HeaderIncomplete(ref Connection connection, bool timedOut)
    {
        bool nothingCame = connection.Upload.Bytes == 0;
        if (nothingCame && Policy(connection)?.ProxyProtocolIn == ProxyProtocolIn.Optional)
        {
            LeaveHeader(ref connection); // A server-first protocol, or a client with nothing to say.
            return;
        }

        CloseReason reason = timedOut ? CloseReason.ProxyHeaderTimeout
            : nothingCame ? CloseReason.ProxyHeaderMissing
            : CloseReason.ProxyHeaderMalformed;
        Close(ref connection, reason, timedOut ? EndedBy.Proxy : EndedBy.Client, reset: true);
    }

    /// <summary>Fragments are joined in the first buffer, which is larger than any header.</summary>
    private void GatherHeader(ref Flow upload)
    {
        int head = upload.QueueHead;
        while (_nextBuffer[head] >= 0)
        {
            int next = _nextBuffer[head];
            int room = _io.BufferBytes - _bufferCount[head];
            if (room == 0) { return; }
            int moved = Math.Min(room, _bufferCount[next]);
            Span<byte> from = _io.Bytes(next)[.._bufferCount[next]];
            from[..moved].CopyTo(_io.Bytes(head)[_bufferCount[head]..]);
            _bufferCount[head] += moved;
            if (moved < from.Length)
            {
                from[moved..].CopyTo(from);
                _bufferCount[next] -= moved;
                return;
            }

            _nextBuffer[head] = _nextBuffer[next];
            if (upload.QueueTail == next) { upload.QueueTail = head; }
            upload.QueueCount--;
            _io.Return(next);
        }
    }

    private void TakeHeaderBytes(ref Flow upload, int count)
    {
        upload.Bytes -= count;
        upload.SentOfHead = count;
        if (count == _bufferCount[upload.QueueHead]) { Dequeue(ref upload); }
    }

    /// <summary>Puts the header for the backend before everything the client has sent.</summary>
    private bool QueueHeaderOut(ref Connection connection, AppPolicy policy)
    {
        if (!_io.TryRent(out int buffer)) { return false; }
        IpEndpoint local = _io.LocalAddress(connection.ClientFd, out SocketAddress address).Ok
            ? new IpEndpoint(new IpAddress(address.High, address.Low), address.Port)
            : default;
        ulong uniqueId = ((ulong)connection.AcceptedNs << 8) ^ connection.Token(OperationKind.Accept);
        int count = ProxyHeaderWriter.Write(
            _io.Bytes(buffer), policy.ProxyProtocolOut, connection.Client, local, policy.ProxyTlvs, uniqueId,
            connection.Country, _popRegion);
        Prepend(ref connection.Upload, buffer, count);
        return true;
    }
}
