namespace EdgeProxy.Linux;

/// <summary>Sides on which a descriptor is believed ready.</summary>
[Flags]
internal enum EpollSide : byte
{
    None = 0,
    Readable = 1,
    Writable = 2,
}
