namespace EdgeProxy.Linux;

/// <summary>io_uring's numbers, in the kernel's spelling (include/uapi/linux/io_uring.h).</summary>
internal static class UringAbi
{
    internal const nint SYS_io_uring_setup = 425;
    internal const nint SYS_io_uring_enter = 426;
    internal const nint SYS_io_uring_register = 427;

    internal const uint IORING_SETUP_CQSIZE = 1u << 3;
    internal const uint IORING_SETUP_SUBMIT_ALL = 1u << 7;
    internal const uint IORING_SETUP_COOP_TASKRUN = 1u << 8;
    internal const uint IORING_SETUP_TASKRUN_FLAG = 1u << 9;
    internal const uint IORING_SETUP_SINGLE_ISSUER = 1u << 12;
    internal const uint IORING_SETUP_DEFER_TASKRUN = 1u << 13;
    internal const uint IORING_SETUP_NO_SQARRAY = 1u << 16;

    internal const nint IORING_OFF_SQES = 0x10000000;
    internal const uint IORING_ENTER_GETEVENTS = 1;
    internal const uint IORING_ENTER_EXT_ARG = 8;
    internal const uint IORING_ENTER_REGISTERED_RING = 16;
    internal const nint IORING_REGISTER_RING_FDS = 20;
    internal const nint IORING_REGISTER_PBUF_RING = 22;
    internal const uint IORING_SQ_TASKRUN = 4;

    internal const byte IORING_OP_POLL_ADD = 6;
    internal const byte IORING_OP_ACCEPT = 13;
    internal const byte IORING_OP_ASYNC_CANCEL = 14;
    internal const byte IORING_OP_CONNECT = 16;
    internal const byte IORING_OP_READ = 22;
    internal const byte IORING_OP_SEND = 26;
    internal const byte IORING_OP_RECV = 27;

    internal const byte IOSQE_BUFFER_SELECT = 1 << 5;
    internal const byte IOSQE_CQE_SKIP_SUCCESS = 1 << 6;
    internal const ushort IORING_ACCEPT_MULTISHOT = 1;
    internal const ushort IORING_RECV_MULTISHOT = 2;
    internal const uint IORING_CQE_F_BUFFER = 1;
    internal const uint IORING_CQE_F_MORE = 2;
    internal const int IORING_CQE_BUFFER_SHIFT = 16;
}
