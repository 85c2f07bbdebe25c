using System.Text;
using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane;

/// <summary>
/// The kernel's spelling of error numbers, as UTF-8 made once; a number without a name here is itself.
/// </summary>
internal sealed class ErrnoNames
{
    private readonly byte[][] _names = new byte[134][];

    public ErrnoNames()
    {
        for (int i = 0; i < _names.Length; i++) { _names[i] = Encoding.ASCII.GetBytes(((Errno)i).ToString()); }
    }

    public ReadOnlySpan<byte> this[Errno error] =>
        (uint)error < (uint)_names.Length ? _names[(int)error] : "unknown"u8;
}
