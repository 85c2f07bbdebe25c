namespace EdgeProxy.DataPlane;

/// <summary>What a <see cref="LoopMessage"/> asks for.</summary>
internal enum LoopMessageKind : byte
{
    /// <summary>Accept on this listener for this app.</summary>
    AddListener,

    /// <summary>Take what waits on this listener, then close it.</summary>
    RemoveListener,

    /// <summary>Places are few: leave no accept armed that may bring more than one client.</summary>
    AcceptCarefully,

    /// <summary>Close every connection with a RST.</summary>
    CloseConnections,

    /// <summary>Leave <see cref="Loop.Run"/>.</summary>
    Stop,
}
