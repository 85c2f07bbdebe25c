using System.Diagnostics;
using System.Globalization;
using EdgeProxy.Fuzz;

if (args.Length is < 2 or > 3 || FuzzTarget.All.FirstOrDefault(t => t.Name == args[0]) is not { } target
    || !int.TryParse(args[1], CultureInfo.InvariantCulture, out int seconds))
{
    Console.Error.WriteLine("usage: EdgeProxy.Fuzz TARGET SECONDS [SEED]");
    Console.Error.WriteLine($"targets: {string.Join(", ", FuzzTarget.All.Select(static t => t.Name))}");
    return 2;
}

int seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : Environment.TickCount;
Console.WriteLine($"{target.Name}: seed {seed}");
IReadOnlyList<(string Name, byte[] Bytes)> corpus = target.ReadCorpus();
Mutator mutator = new(seed);
Stopwatch watch = Stopwatch.StartNew();
long runs = 0;
while (watch.Elapsed.TotalSeconds < seconds)
{
    (string name, byte[] bytes) = corpus[(int)(runs % corpus.Count)];
    byte[] input = mutator.Mutate(bytes, corpus[(int)(runs * 7 % corpus.Count)].Bytes);
    runs++;
    try
    {
        target.Run(input);
    }
#pragma warning disable CA1031 // Any exception is what is looked for.
    catch (Exception error)
#pragma warning restore CA1031
    {
        string found = Path.GetFullPath($"{target.Name}-{seed}-{runs}.bin");
        File.WriteAllBytes(found, input);
        Console.Error.WriteLine($"{target.Name}: seed {seed}, run {runs}, from {name}, kept as {found}: {error}");
        return 1;
    }
}

Console.WriteLine($"{target.Name}: {runs} runs, nothing found");
return 0;
