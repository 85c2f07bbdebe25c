using System.Collections;
using System.Text;

namespace EdgeProxy.Tests;

/// <summary>One command line run in this process, with its environment and what it printed.</summary>
internal sealed class Session
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Hashtable _environment = [];

    public string Output => _output.ToString();

    public string Error => _error.ToString();

    public Session With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    public ExitCode Run(params string[] words)
    {
        using StringWriter output = new(_output);
        using StringWriter error = new(_error);
        return Commands.Run(words, _environment, new Terminal(output, error, colours: false));
    }
}
