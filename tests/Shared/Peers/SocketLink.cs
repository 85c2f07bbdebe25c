using System.Net.Sockets;
using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>A real socket as a peer holds it.</summary>
internal sealed class SocketLink : PeerLink
{
    private readonly Socket _socket;
    private bool _connected;
    private bool _wasReset;

    public SocketLink(Socket socket, bool connected)
    {
        _socket = socket;
        _socket.Blocking = false;
        _socket.NoDelay = true;
        _connected = connected;
    }

    public override int State
    {
        get
        {
            if (_connected) { return 1; }
            if (!_socket.Poll(0, SelectMode.SelectWrite)) { return 0; }
            SocketError error = TakeError();
            _wasReset = error == SocketError.ConnectionReset; // Connected and reset again before anyone looked.
            _connected = error == SocketError.Success || _wasReset;
            return _connected ? 1 : -(int)Translate(error);
        }
    }

    public override bool IsBroken => _wasReset |= TakeError() != SocketError.Success;

    public override int Send(ReadOnlySpan<byte> bytes)
    {
        int sent = _socket.Send(bytes, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? sent : -(int)Translate(error);
    }

    public override int Receive(Span<byte> into)
    {
        if (_wasReset) { return -(int)Errno.ECONNRESET; }
        int received = _socket.Receive(into, SocketFlags.None, out SocketError error);
        return error == SocketError.Success ? received : -(int)Translate(error);
    }

    public override void Finish()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The connection has just ended: the next receive says how.
        }
    }

    public override void Close() => _socket.Dispose();

    public override void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    private SocketError TakeError() =>
        (SocketError)(int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;

    private static Errno Translate(SocketError error) => error switch
    {
        SocketError.WouldBlock or SocketError.InProgress or SocketError.NotConnected => Errno.EAGAIN,
        SocketError.ConnectionReset => Errno.ECONNRESET,
        SocketError.Shutdown => Errno.EPIPE,
        SocketError.ConnectionRefused => Errno.ECONNREFUSED,
        SocketError.TimedOut => Errno.ETIMEDOUT,
        _ => Errno.EIO,
    };
}
