using System.Runtime.CompilerServices;

namespace EdgeProxy.Linux;

/// <summary>
/// A fixed-length array outside the collector's heap. Address space for all of it is reserved at once; memory comes
/// page by page as elements are first touched, zeroed. So a table can be sized for the most there may ever be, never
/// moves, never grows at a bad moment, and costs what is used.
/// </summary>
/// <typeparam name="T">A struct without references.</typeparam>
public sealed unsafe class PagedArray<T> : IDisposable
    where T : unmanaged
{
    private readonly T* _elements;
    private readonly int _length;

    /// <exception cref="InvalidOperationException">The address space cannot be had.</exception>
    public PagedArray(int length)
    {
        _length = length;
        _elements = (T*)Memory.Map((nuint)length * (nuint)sizeof(T));
    }

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)_length) { OutOfRange(index); }
            return ref _elements[index];
        }
    }

    public void Dispose() => Memory.Unmap(_elements, (nuint)_length * (nuint)sizeof(T));

    private void OutOfRange(int index) =>
        throw new ArgumentOutOfRangeException(nameof(index), index, $"of {_length} elements");
}
