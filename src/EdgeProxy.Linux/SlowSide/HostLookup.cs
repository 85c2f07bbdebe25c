using System.Runtime.InteropServices;
using System.Text;

namespace EdgeProxy.Linux;

/// <summary>
/// Addresses of a host name, by the C library (getaddrinfo(3)) and so by /etc/hosts, nsswitch.conf and DNS as the host
/// is set up, in the order RFC 6724 prefers. May wait for many seconds: for a thread of its own. System.Net.Dns would
/// bring sockets and tasks.
/// </summary>
public static unsafe class HostLookup
{
    private const int NameBytesMax = 256;
    private const int SOCK_DGRAM = 2;
    private const int AI_ADDRCONFIG = 0x20; // No IPv6 addresses on a host without IPv6, and the other way round.
    private const int EAI_NONAME = -2;
    private const int EAI_AGAIN = -3;
    private const int EAI_NODATA = -5;
    private const int EAI_ADDRFAMILY = -9;

    /// <param name="name">A host name, or an address as text.</param>
    /// <param name="port">Put into each address.</param>
    /// <param name="into">Takes the addresses; those that find no room are left out.</param>
    /// <param name="count">How many there are.</param>
    public static HostLookupOutcome Find(string name, ushort port, Span<SocketAddress> into, out int count)
    {
        count = 0;
        byte* text = stackalloc byte[NameBytesMax];
        if (!Encoding.ASCII.TryGetBytes(name, new Span<byte>(text, NameBytesMax - 1), out int length))
        {
            return HostLookupOutcome.NoSuchName;
        }

        text[length] = 0;
        AddressInfo hints = new() { Flags = AI_ADDRCONFIG, SocketType = SOCK_DGRAM };
        AddressInfo* list = null;
        int error = getaddrinfo(text, null, &hints, &list);
        if (error != 0)
        {
            return error switch
            {
                EAI_NONAME or EAI_NODATA or EAI_ADDRFAMILY => HostLookupOutcome.NoSuchName,
                EAI_AGAIN => HostLookupOutcome.NoAnswer,
                _ => HostLookupOutcome.Failed,
            };
        }

        for (AddressInfo* each = list; each != null && count < into.Length; each = each->Next)
        {
            if (each->Family is not (SocketAddress.AF_INET or SocketAddress.AF_INET6)) { continue; }
            SocketAddress found = default;
            Buffer.MemoryCopy(each->Address, &found, sizeof(SocketAddress),
                Math.Min(each->AddressLength, (uint)sizeof(SocketAddress)));
            into[count++] = SocketAddress.From(found.High, found.Low, port);
        }

        freeaddrinfo(list);
        return count > 0 ? HostLookupOutcome.Found : HostLookupOutcome.NoSuchName;
    }

    [DllImport("libc")]
    private static extern int getaddrinfo(byte* name, byte* service, AddressInfo* hints, AddressInfo** list);

    [DllImport("libc")]
    private static extern void freeaddrinfo(AddressInfo* list);

    /// <summary><c>struct addrinfo</c> of glibc on 64 bits: 48 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 48)]
    private struct AddressInfo
    {
        public int Flags;
        public int Family;
        public int SocketType;
        public int Protocol;
        public uint AddressLength;
        public void* Address;
        public byte* CanonicalName;
        public AddressInfo* Next;
    }
}
