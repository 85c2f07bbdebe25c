namespace EdgeProxy.Fuzz.Tests;

public sealed class CorpusTests
{
    private const int Seed = 20_260_101;
    private const int MutationsPerFile = 200;

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(static target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Target_WhenGivenItsCorpus_Returns(string name)
    {
        FuzzTarget target = Find(name);
        Assert.NotEmpty(target.ReadCorpus());
        Assert.All(target.ReadCorpus(), input => target.Run(input.Bytes));
        target.Run([]);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Target_WhenItsCorpusIsMutated_Returns(string name)
    {
        FuzzTarget target = Find(name);
        IReadOnlyList<(string Name, byte[] Bytes)> corpus = target.ReadCorpus();
        for (int file = 0; file < corpus.Count; file++)
        {
            Mutator mutator = new(Seed + file);
            for (int i = 0; i < MutationsPerFile; i++)
            {
                byte[] input = mutator.Mutate(corpus[file].Bytes, corpus[(file + i) % corpus.Count].Bytes);
                Exception? error = Record.Exception(() => target.Run(input));
                Assert.True(error is null, $"{name}: {corpus[file].Name}, seed {Seed + file}, mutation {i}: {error}");
            }
        }
    }

    private static FuzzTarget Find(string name) => FuzzTarget.All.First(target => target.Name == name);
}
