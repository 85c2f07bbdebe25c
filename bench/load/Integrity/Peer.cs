using System.Runtime.InteropServices;

namespace EdgeProxy.Load;

/// <summary>
/// One side of an integrity connection: writes its stream in random pieces, reads and checks the other's in random
/// pieces, rests at random so that the other side runs into a full window, and ends its own sending when it is due.
/// </summary>
/// <remarks>States of the sending side: writing → (receipt due) → finished. The connection is over when both ended.</remarks>
internal sealed unsafe class Peer
{
    private const int PieceMax = 64 * 1024;
    private const int StepsPerTurn = 8;
    private const int RestEvery = 256;
    private const int RestTurnsMax = 100;

    private static readonly byte* Piece = (byte*)NativeMemory.AllocZeroed(PieceMax);
    private static readonly byte[] Expected = new byte[PieceMax];

    private readonly int _fd;
    private readonly bool _isClient;
    private readonly Random _random;
    private readonly byte[] _head = new byte[Plan.Bytes];
    private Plan _plan;
    private int _headDone;
    private int _restTurns;
    private long _written;
    private long _read;
    private bool _sentFin;
    private bool _gotFin;

    /// <summary>The client's side, which knows the plan.</summary>
    public Peer(int fd, in Plan plan, Random random)
    {
        _fd = fd;
        _plan = plan;
        _isClient = true;
        _random = random;
        plan.Write(_head);
    }

    /// <summary>The backend's side, which is told the plan.</summary>
    public Peer(int fd, Random random)
    {
        _fd = fd;
        _random = random;
    }

    /// <summary>What went wrong; null while nothing has.</summary>
    public string? Fault { get; private set; }

    public bool IsOver => Fault is not null || (_sentFin && _gotFin);

    /// <summary>Bytes written and read and found right.</summary>
    public long BytesMoved => _written + _read;

    public Plan Plan => _plan;

    private bool PlanKnown => _isClient || _headDone == Plan.Bytes;

    private long ToWrite => _isClient ? _plan.UploadBytes
        : _plan.BackendFinishesFirst ? _plan.DownloadBytes
        : _plan.DownloadBytes + (_gotFin ? Plan.ReceiptBytes : 0);

    private long ToRead => !_isClient ? _plan.UploadBytes
        : _plan.DownloadBytes + (_plan.BackendFinishesFirst ? 0 : Plan.ReceiptBytes);

    private ulong ReadSeed => _isClient ? _plan.DownloadSeed : _plan.Seed;

    private ulong WriteSeed => _isClient ? _plan.Seed : _plan.DownloadSeed;

    private long ReceiptAt => _plan.DownloadBytes;

    /// <summary>Moves what can be moved, a bounded amount.</summary>
    /// <returns>True when there may be more to do at once, or later of its own accord; false to wait for an edge.</returns>
    public bool Step()
    {
        if (_restTurns > 0)
        {
            _restTurns--;
            return true;
        }

        bool moved = true;
        for (int i = 0; i < StepsPerTurn && moved && !IsOver; i++)
        {
            _restTurns = _random.Next(RestEvery) == 0 ? _random.Next(RestTurnsMax) : 0;
            moved = ReadPiece() | WritePiece();
        }

        return moved && !IsOver;
    }

    private bool WritePiece()
    {
        if (_sentFin || !PlanKnown || Fault is not null)
        {
            return false;
        }

        if (_isClient && _headDone < Plan.Bytes)
        {
            return WriteHead();
        }

        long left = ToWrite - _written;
        if (left == 0)
        {
            return FinishIfDue();
        }

        int count = (int)Math.Min(left, PieceLength());
        FillPiece(_written, count);
        int sent = Net.Send(_fd, Piece, count);
        _written += Math.Max(sent, 0);
        return Check(sent, "sending");
    }

    private bool WriteHead()
    {
        fixed (byte* head = _head)
        {
            int sent = Net.Send(_fd, head + _headDone, Math.Min(_random.Next(1, Plan.Bytes + 1), Plan.Bytes - _headDone));
            _headDone += Math.Max(sent, 0);
            return Check(sent, "sending the plan");
        }
    }

    private bool FinishIfDue()
    {
        if (!_isClient && !_plan.BackendFinishesFirst && !_gotFin)
        {
            return false; // The receipt waits for the client's FIN.
        }

        Net.Finish(_fd);
        _sentFin = true;
        return true;
    }

    private void FillPiece(long position, int count)
    {
        Span<byte> piece = new(Piece, count);
        Pattern.Fill(WriteSeed, position, piece);
        if (!_isClient && position + count > ReceiptAt)
        {
            Span<byte> receipt = stackalloc byte[Plan.ReceiptBytes];
            MemoryMarshal.Write(receipt, _read);
            for (long at = Math.Max(position, ReceiptAt); at < position + count; at++)
            {
                piece[(int)(at - position)] = receipt[(int)(at - ReceiptAt)];
            }
        }
    }

    private bool ReadPiece()
    {
        if (_gotFin || Fault is not null)
        {
            return false;
        }

        if (!_isClient && _headDone < Plan.Bytes)
        {
            return ReadHead();
        }

        int got = Net.Receive(_fd, Piece, PieceLength());
        if (got == 0)
        {
            TakeFin();
            return true;
        }

        if (got > 0)
        {
            Verify(got);
        }

        return Check(got, "receiving");
    }

    private bool ReadHead()
    {
        fixed (byte* head = _head)
        {
            int got = Net.Receive(_fd, head + _headDone, Plan.Bytes - _headDone);
            if (got == 0)
            {
                Fault = $"FIN after {_headDone} bytes of the plan";
                return false;
            }

            _headDone += Math.Max(got, 0);
            _plan = _headDone == Plan.Bytes ? Plan.Read(_head) : default;
            return Check(got, "receiving the plan");
        }
    }

    private void Verify(int count)
    {
        if (_read + count > ToRead)
        {
            Fault = $"{_read + count - ToRead} bytes too many";
            return;
        }

        Span<byte> expected = Expected.AsSpan(0, count);
        Pattern.Fill(ReadSeed, _read, expected);
        if (_isClient && _read + count > ReceiptAt)
        {
            Span<byte> receipt = stackalloc byte[Plan.ReceiptBytes];
            MemoryMarshal.Write(receipt, _plan.UploadBytes);
            for (long at = Math.Max(_read, ReceiptAt); at < _read + count; at++)
            {
                expected[(int)(at - _read)] = receipt[(int)(at - ReceiptAt)];
            }
        }

        int same = new ReadOnlySpan<byte>(Piece, count).CommonPrefixLength(expected);
        _read += same;
        if (same < count)
        {
            Fault = $"wrong byte at {_read} of {ToRead}";
        }
    }

    private void TakeFin()
    {
        _gotFin = true;
        if (_read < ToRead)
        {
            Fault = $"FIN after {_read} of {ToRead} bytes";
        }
    }

    /// <summary>True when bytes moved; notes an error that is more than "not now".</summary>
    private bool Check(int result, string doing)
    {
        if (result < 0 && result != -Net.EAGAIN)
        {
            Fault ??= $"errno {-result} while {doing}, {_written} of {ToWrite} written, {_read} of {ToRead} read";
        }

        return result > 0;
    }

    private int PieceLength() => 1 + _random.Next(1 << _random.Next(1, 17));
}
