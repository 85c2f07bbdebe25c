using EdgeProxy.Linux;

namespace EdgeProxy.Testing;

/// <summary>Every open descriptor and the operations in flight on it.</summary>
internal sealed class FdLedger
{
    private readonly Dictionary<int, Entry> _open = [];
    private readonly Dictionary<ulong, (int Fd, Operation Operation)> _inFlight = [];

    public int Count => _open.Count;

    public int InFlight => _inFlight.Count;

    public void Add(int fd, FdKind kind)
    {
        if (!_open.TryAdd(fd, new Entry(kind))) { throw new ContractException($"descriptor {fd} was handed out while it is open"); }
    }

    /// <summary>A listener is opened elsewhere: it is known from its first operation on.</summary>
    /// <returns>Whether it is one.</returns>
    public bool AddListenerOnce(Fd fd)
    {
        if (!_open.ContainsKey(fd.Number)) { Add(fd.Number, FdKind.Listener); }
        return _open[fd.Number].Kind == FdKind.Listener;
    }

    public void MustBe(Fd fd, FdKind kind, string call)
    {
        if (!_open.TryGetValue(fd.Number, out Entry? entry)) { throw new ContractException($"{call} on descriptor {fd.Number}, which is not open"); }
        if (entry.Kind != kind) { throw new ContractException($"{call} on descriptor {fd.Number}, a {entry.Kind}"); }
    }

    public void Start(Fd fd, Operation operation, ulong token)
    {
        if (!_inFlight.TryAdd(token, (fd.Number, operation))) { throw new ContractException($"token {token:x} of {operation.Kind} is in flight already"); }
        List<Operation> operations = _open[fd.Number].Operations;
        foreach (Operation other in operations)
        {
            if (other.IsReading == operation.IsReading)
            {
                throw new ContractException($"{operation.Kind} on descriptor {fd.Number} while a {other.Kind} is in flight");
            }
        }

        operations.Add(operation);
    }

    /// <summary>No operation of one direction may be in flight around a call that does its work.</summary>
    public void MustBeIdle(Fd fd, bool reading, string call)
    {
        foreach (Operation operation in _open[fd.Number].Operations)
        {
            if (operation.IsReading == reading) { throw new ContractException($"{call} on descriptor {fd.Number} while a {operation.Kind} is in flight"); }
        }
    }

    public Operation Complete(in Completion completion, out int fd)
    {
        if (!_inFlight.TryGetValue(completion.Token, out (int Fd, Operation Operation) found))
        {
            throw new ContractException($"completion for token {completion.Token:x}, which is not in flight");
        }

        fd = found.Fd;
        if (!completion.More)
        {
            _inFlight.Remove(completion.Token);
            _open[fd].Operations.Remove(found.Operation);
        }

        return found.Operation;
    }

    public void Close(Fd fd, string call)
    {
        if (!_open.TryGetValue(fd.Number, out Entry? entry)) { throw new ContractException($"{call} of descriptor {fd.Number}, which is not open"); }
        if (entry.Operations.Count > 0) { throw new ContractException($"{call} of descriptor {fd.Number} while a {entry.Operations[0].Kind} is in flight"); }
        _open.Remove(fd.Number);
    }

    public override string ToString() => string.Join(", ", _open.Select(static o =>
        $"{o.Key} ({o.Value.Kind}{string.Concat(o.Value.Operations.Select(static p => $", {p.Kind} in flight"))})"));

    private sealed record Entry(FdKind Kind)
    {
        public List<Operation> Operations { get; } = [];
    }

    /// <param name="Kind">What was submitted.</param>
    /// <param name="IsReading">Which of a descriptor's two directions it occupies.</param>
    /// <param name="Buffer">The buffer a send reads from.</param>
    /// <param name="Count">Bytes a send was given.</param>
    public sealed record Operation(OperationKind Kind, bool IsReading, int Buffer = -1, int Count = 0);
}
