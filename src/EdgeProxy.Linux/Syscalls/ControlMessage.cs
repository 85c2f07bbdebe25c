using System.Runtime.InteropServices;

namespace EdgeProxy.Linux;

/// <summary>
/// <c>struct cmsghdr</c> (cmsg(3)): 16 bytes, then the data, the next one aligned to 8. <see cref="Next"/> walks what
/// the kernel wrote, <see cref="Append"/> writes what it is to read.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ControlMessage
{
    internal const int HeaderBytes = 16;

    private nuint _length;
    internal int Level;
    internal int Type;

    /// <summary>What one with so much data takes (CMSG_SPACE).</summary>
    internal static int Space(int dataBytes) => HeaderBytes + ((dataBytes + 7) & ~7);

    internal static byte* Data(ControlMessage* message) => (byte*)message + HeaderBytes;

    /// <summary>Its data's length; 0 if the kernel had no room for all of it.</summary>
    internal static int DataBytes(ControlMessage* message) => (int)message->_length - HeaderBytes;

    /// <summary>The one after <paramref name="message"/> (null: the first), or null at the end.</summary>
    internal static ControlMessage* Next(byte* control, nuint length, ControlMessage* message)
    {
        byte* next = message is null ? control : (byte*)message + (((nint)message->_length + 7) & ~7);
        nint left = (nint)(control + length - next);
        return left < HeaderBytes || ((ControlMessage*)next)->_length < HeaderBytes
            || ((ControlMessage*)next)->_length > (nuint)left ? null : (ControlMessage*)next;
    }

    /// <summary>
    /// Writes a header at <paramref name="at"/> and moves it behind the data, which the caller fills in.
    /// </summary>
    internal static byte* Append(ref byte* at, int level, int type, int dataBytes)
    {
        var message = (ControlMessage*)at;
        message->_length = (nuint)(HeaderBytes + dataBytes);
        message->Level = level;
        message->Type = type;
        at += Space(dataBytes);
        return Data(message);
    }
}
