using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeProxy.Compare;

/// <summary>A proxy or a backend while it runs; its output is kept for the case that something goes wrong.</summary>
internal sealed class Child : IAsyncDisposable
{
    private const int OutputCharsMax = 20_000;
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string _name;
    private readonly IPEndPoint _address;
    private readonly StringBuilder _output = new();

    private Child(string name, Process process, IPEndPoint address)
    {
        _name = name;
        _address = address;
        _process = process;
        _process.OutputDataReceived += (_, e) => Keep(e.Data);
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    /// <summary>Starts a program on one core and returns when its address takes connections.</summary>
    /// <exception cref="CompareException">It ended or did not listen in time; the message carries its output.</exception>
    public static async Task<Child> StartAsync(
        string name, string cores, CommandLine command, IPEndPoint listensAt)
    {
        Process process = Shell.Start(command.On(cores));
        Child child = new(name, process, listensAt);
        try
        {
            await child.WaitUntilListeningAsync();
            return child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await Shell.TryRunAsync(new CommandLine("kill", "-TERM", $"{_process.Id}"));
            using CancellationTokenSource timeout = new(EndTimeout);
            try
            {
                await _process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        _process.Dispose();
        await WaitUntilFreeAsync();
    }

    private async Task WaitUntilListeningAsync()
    {
        using CancellationTokenSource timeout = new(ReadyTimeout);
        while (!_process.HasExited && !timeout.IsCancellationRequested)
        {
            if (await ConnectsAsync())
            {
                return;
            }

            await Task.Delay(2, CancellationToken.None);
        }

        throw new CompareException($"{_name} does not listen on {_address}:\n{_output}");
    }

    /// <summary>
    /// The kernel takes an io_uring apart after its process has ended, and until then a listener with an accept in
    /// flight goes on taking connections: the next program would share the port with a ghost.
    /// </summary>
    private async Task WaitUntilFreeAsync()
    {
        using CancellationTokenSource timeout = new(EndTimeout);
        while (!timeout.IsCancellationRequested && await ConnectsAsync())
        {
            await Task.Delay(2, CancellationToken.None);
        }
    }

    private async Task<bool> ConnectsAsync()
    {
        using TcpClient client = new(_address.AddressFamily);
        try
        {
            await client.ConnectAsync(_address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (_output)
        {
            if (line is not null && _output.Length < OutputCharsMax)
            {
                _output.AppendLine(line);
            }
        }
    }
}
