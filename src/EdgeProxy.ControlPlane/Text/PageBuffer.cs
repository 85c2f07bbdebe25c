using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// UTF-8 text of a bounded size, written again and again into the same array, so that a page costs no garbage once the
/// array has grown to it. What goes beyond the bound is cut at the last whole line and marked by <see cref="IsCut"/>.
/// </summary>
internal sealed class PageBuffer(int bytesMax) : IBufferWriter<byte>
{
    private const int FirstBytes = 16 * 1024;
    private const int NumberBytesMax = 32;

    private byte[] _bytes = new byte[Math.Min(FirstBytes, bytesMax)];
    private int _length;

    /// <summary>Something did not fit and the page ends before it.</summary>
    public bool IsCut { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public int Length => _length;

    public void Clear()
    {
        _length = 0;
        IsCut = false;
    }

    /// <summary>Clears, and leaves nothing of what was written in memory.</summary>
    public void Wipe()
    {
        _bytes.AsSpan().Clear();
        Clear();
    }

    public void Append(scoped ReadOnlySpan<byte> text)
    {
        if (Reserve(text.Length))
        {
            text.CopyTo(_bytes.AsSpan(_length));
            _length += text.Length;
        }
    }

    public void Append(char asciiCharacter) => Append([(byte)asciiCharacter]);

    /// <summary>Appends text of any kind.</summary>
    public void AppendText(ReadOnlySpan<char> text)
    {
        if (Reserve(text.Length * 3)) // UTF-16 grows at most threefold in UTF-8.
        {
            _ = Utf8.FromUtf16(text, _bytes.AsSpan(_length), out _, out int written);
            _length += written;
        }
    }

    public void AppendNumber(long value)
    {
        if (Reserve(NumberBytesMax))
        {
            _ = Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out int written);
            _length += written;
        }
    }

    /// <summary>Appends the shortest text that reads back as the same number.</summary>
    public void AppendNumber(double value)
    {
        if (Reserve(NumberBytesMax))
        {
            _ = value.TryFormat(_bytes.AsSpan(_length), out int written, default, CultureInfo.InvariantCulture);
            _length += written;
        }
    }

    /// <summary>
    /// Writes a number, right-aligned, over bytes appended before: a length that is known only at the end.
    /// </summary>
    public void Overwrite(int start, int width, int value)
    {
        for (int i = start + width - 1; i >= start && (value > 0 || i == start + width - 1); i--, value /= 10)
        {
            _bytes[i] = (byte)('0' + (value % 10));
        }
    }

    /// <summary>Takes back everything after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => _length = length;

    /// <summary>Ends the page at the last whole line if something did not fit.</summary>
    public void TrimToLine()
    {
        if (IsCut) { _length = Written.LastIndexOf((byte)'\n') + 1; }
    }

    void IBufferWriter<byte>.Advance(int count) => _length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        // A writer that must not fail half-way (JSON) gets its memory whatever the bound; answers that use it are
        // short.
        if (_bytes.Length - _length < Math.Max(sizeHint, 1)) { Grow(_length + Math.Max(sizeHint, FirstBytes)); }
        return _bytes.AsMemory(_length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => ((IBufferWriter<byte>)this).GetMemory(sizeHint).Span;

    private bool Reserve(int count)
    {
        if (IsCut) { return false; }
        int needed = _length + count;
        if (needed <= _bytes.Length) { return true; }
        if (needed > bytesMax)
        {
            IsCut = true;
            return false;
        }

        Grow(Math.Min(Math.Max(needed, 2 * _bytes.Length), bytesMax));
        return true;
    }

    private void Grow(int capacity)
    {
        byte[] small = _bytes;
        Array.Resize(ref _bytes, capacity);
        small.AsSpan().Clear(); // It may have held a key, and the collector wipes nothing.
    }
}
