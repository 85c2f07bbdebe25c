using BenchmarkDotNet.Running;

namespace EdgeProxy.Benchmarks;

internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is ["memory"]) { return BindingMemory.Print(); }
        _ = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
    }
}
