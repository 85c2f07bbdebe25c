using EdgeProxy.DataPlane;
using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>One sequence of a peer's steps and how far it has come.</summary>
internal sealed class PeerLane
{
    private const int BytesAtOnce = 64 * 1024;
    private readonly Peer _peer;
    private readonly ScriptStep[] _steps;
    private readonly byte[] _bytes = new byte[BytesAtOnce];
    private readonly List<byte> _header = [];
    private int _index;
    private long _done;   // Of the current step, in bytes.
    private long _since = -1; // When the current pause began.

    public PeerLane(Peer peer, string script)
    {
        _peer = peer;
        _steps = [.. script.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ScriptStep.Parse)];
    }

    public bool IsDone => _index == _steps.Length;

    public long WakeAtNs => !IsDone && _since >= 0 ? _since + _steps[_index].DurationNs : long.MaxValue;

    public override string ToString() => IsDone ? "through" : $"at '{_steps[_index].Source}' ({_done})";

    /// <summary>Gets on by a little; false when there is nothing to do now.</summary>
    public bool Step()
    {
        if (IsDone) { return false; }
        ScriptStep step = _steps[_index];
        switch (step.Kind)
        {
            case StepKind.Send: return SendPattern(step);
            case StepKind.SendText: return SendBytes(step);
            case StepKind.Expect: return TakePattern(step);
            case StepKind.ExpectText: return TakeBytes(step);
            case StepKind.ExpectHeader: return TakeHeader(step);
            case StepKind.ExpectFin or StepKind.ExpectReset or StepKind.ExpectEnd: return TakeEnd(step);
            case StepKind.Pause: return Paused(step) && Next();
            case StepKind.Await: return _peer.HasSignal(step.Name) && Next();
            case StepKind.Signal:
                _peer.Raise(step.Name);
                return Next();
            case StepKind.Finish:
                _peer.SentFin = true;
                _peer.Link!.Finish();
                return Next();
            case StepKind.Reset:
                _peer.End(static l => l.Reset());
                return true;
            default:
                _peer.CloseNow();
                return true;
        }
    }

    private bool Next()
    {
        _index++;
        _done = 0;
        _since = -1;
        return true;
    }

    private bool SendPattern(ScriptStep step)
    {
        if (_done == step.Count) { return Next(); }
        Span<byte> bytes = _bytes.AsSpan(0, (int)Math.Min(BytesAtOnce, step.Count - _done));
        Pattern.Fill(_peer.Key, _peer.Sent, bytes);
        int sent = _peer.Link!.Send(bytes);
        if (sent > 0) { _peer.Sent += sent; }
        return Sent(sent);
    }

    private bool SendBytes(ScriptStep step) =>
        _done == step.Bytes.Length ? Next() : Sent(_peer.Link!.Send(step.Bytes.AsSpan((int)_done)));

    private bool Sent(int sent)
    {
        if (sent > 0)
        {
            _done += sent;
            return true;
        }

        if (sent == -(int)Errno.EAGAIN) { return false; }
        if ((Errno)(-sent) is Errno.ECONNRESET or Errno.EPIPE)
        {
            _peer.SawReset = true;
            if (SkipToReset()) { return true; }
            if (_peer.ExpectsReset)
            {
                _index = _steps.Length; // The other lane sees to it.
                return true;
            }
        }

        _peer.EndEarly($"'{_steps[_index].Source}' broke with {(Errno)(-sent)} after {_done} bytes");
        return true;
    }

    private bool TakePattern(ScriptStep step)
    {
        if (_done == step.Count) { return Next(); }
        if (_done > 0 && step.DurationNs > 0 && !Paused(step)) { return false; }
        int atOnce = step.AtOnce > 0 ? step.AtOnce : BytesAtOnce;
        if (!Take((int)Math.Min(atOnce, step.Count - _done), out int received)) { return received != 0; }
        if (_peer.Reader.Take(_bytes.AsSpan(0, received)) is { } wrong) { _peer.Fail($"'{step.Source}': {wrong}"); }
        _since = -1;
        return true;
    }

    private bool TakeBytes(ScriptStep step)
    {
        if (_done == step.Bytes.Length) { return Next(); }
        if (!Take((int)(step.Bytes.Length - _done), out int received)) { return received != 0; }
        if (!step.Bytes.AsSpan((int)_done - received, received).SequenceEqual(_bytes.AsSpan(0, received)))
        {
            _peer.Fail($"'{step.Source}': got {Convert.ToHexString(_bytes, 0, received)}");
        }

        return true;
    }

    /// <summary>Takes a PROXY header byte by byte, so that nothing behind it is touched.</summary>
    private bool TakeHeader(ScriptStep step)
    {
        if (!Take(1, out int received)) { return received != 0; }
        _header.Add(_bytes[0]);
        ProxyHeaderParse parse = ProxyHeaderParser.Parse(_header.ToArray());
        if (parse.Outcome == ProxyHeaderOutcome.NeedMore) { return true; }
        if (!parse.HasAddresses) { _peer.Fail($"'{step.Source}': {parse.Outcome} {parse.Problem}"); }
        _peer.Header = (parse.Source, parse.Destination);
        return Next();
    }

    /// <summary>Receives; false when there is nothing (then <paramref name="received"/> is 0) or the peer has ended.</summary>
    private bool Take(int bytesMax, out int received)
    {
        received = _peer.Link!.Receive(_bytes.AsSpan(0, bytesMax));
        if (received > 0)
        {
            _done += received;
            return true;
        }

        if (received == -(int)Errno.EAGAIN)
        {
            received = 0;
            return false;
        }

        NoteEnd(received);
        _peer.EndEarly($"'{_steps[_index].Source}' met {(received == 0 ? "the FIN" : (Errno)(-received))} after {_done} bytes");
        received = -1;
        return false;
    }

    private bool TakeEnd(ScriptStep step)
    {
        if (step.DurationNs > 0 && !Paused(step)) { return false; }
        int received = _peer.Link!.Receive(_bytes.AsSpan(0, step.AtOnce > 0 ? step.AtOnce : BytesAtOnce));
        if (received == -(int)Errno.EAGAIN) { return false; }
        if (received > 0 && step.Kind == StepKind.ExpectEnd)
        {
            _since = -1;
            if (_peer.Reader.Take(_bytes.AsSpan(0, received)) is { } wrong) { _peer.Fail($"'{step.Source}': {wrong}"); }
            return true;
        }

        if (step.Kind == StepKind.ExpectReset && received == 0 && _peer.SawFin)
        {
            return _peer.Link.IsBroken && Next(); // After the FIN a receive shows nothing else.
        }

        NoteEnd(received);
        bool asExpected = step.Kind switch
        {
            StepKind.ExpectFin => received == 0,
            StepKind.ExpectReset => received == -(int)Errno.ECONNRESET || (received == 0 && _peer.SawReset), // Told once only.
            _ => true,
        };
        if (asExpected) { return Next(); }
        _peer.EndEarly($"'{step.Source}' met {received switch { 0 => "a FIN", > 0 => $"{received} more bytes", _ => (Errno)(-received) }}");
        return true;
    }

    private void NoteEnd(int received)
    {
        if (received < 0) { _peer.SawReset = true; }
        if (received == 0 && !_peer.SawReset) { _peer.SawFin = true; }
    }

    /// <summary>A step to come waits for the connection's breaking.</summary>
    public bool ExpectsReset => _steps.Skip(_index).Any(static s => s.Kind is StepKind.ExpectReset or StepKind.ExpectEnd);

    /// <summary>Leaves out what a broken connection makes impossible, up to the step that expects it.</summary>
    private bool SkipToReset()
    {
        if (!ExpectsReset) { return false; }
        while (_steps[_index].Kind is not (StepKind.ExpectReset or StepKind.ExpectEnd)) { Next(); }
        return true;
    }

    /// <summary>True once the step's time has passed since it was first asked.</summary>
    private bool Paused(ScriptStep step)
    {
        if (_since < 0) { _since = _peer.NowNs; }
        return _peer.NowNs - _since >= step.DurationNs;
    }
}
