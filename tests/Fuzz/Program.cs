using System.Diagnostics;
using System.Globalization;
using EdgeProxy.Fuzz;

if (args is ["list"])
{
    foreach (FuzzTarget each in FuzzTarget.All) { Console.WriteLine(each.Name); }
    return 0;
}

if (args.Length is < 2 or > 3 || FuzzTarget.All.FirstOrDefault(t => t.Name == args[0]) is not { } target)
{
    Console.Error.WriteLine("usage: EdgeProxy.Fuzz TARGET SECONDS [SEED] | EdgeProxy.Fuzz TARGET FILE | EdgeProxy.Fuzz list");
    Console.Error.WriteLine($"targets: {string.Join(", ", FuzzTarget.All.Select(static t => t.Name))}");
    return 2;
}

if (!int.TryParse(args[1], CultureInfo.InvariantCulture, out int seconds))
{
    target.Run(File.ReadAllBytes(args[1])); // A replay: the exception is the answer.
    Console.WriteLine($"{target.Name}: {args[1]}: nothing found");
    return 0;
}

int seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : Environment.TickCount;
Console.WriteLine($"{target.Name}: seed {seed}");
IReadOnlyList<(string Name, byte[] Bytes)> corpus = target.ReadCorpus();
Mutator mutator = new(seed);
Stopwatch watch = Stopwatch.StartNew();
long runs = 0;

// Written before each run: what takes the whole process down leaves its input behind.
string last = Path.Combine(Path.GetTempPath(), $"edgeproxy-fuzz-{target.Name}.last");
while (watch.Elapsed.TotalSeconds < seconds)
{
    (string name, byte[] bytes) = corpus[(int)(runs % corpus.Count)];
    byte[] input = mutator.Mutate(bytes, corpus[(int)(runs * 7 % corpus.Count)].Bytes);
    runs++;
    if (target.MayEndTheProcess) { File.WriteAllBytes(last, input); }
    try
    {
        target.Run(input);
    }
#pragma warning disable CA1031 // Any exception is what is looked for.
    catch (Exception error)
#pragma warning restore CA1031
    {
        string found = target.Keep(input, $"found-{seed}-{runs}");
        Console.Error.WriteLine($"{target.Name}: seed {seed}, run {runs}, from {name}: {error}");
        Console.Error.WriteLine($"kept in the corpus as {found}; replay with: EdgeProxy.Fuzz {target.Name} {found}");
        return 1;
    }
}

File.Delete(last);
Console.WriteLine($"{target.Name}: {runs} runs in {seconds} s, nothing found");
return 0;
