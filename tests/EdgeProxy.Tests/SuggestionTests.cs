namespace EdgeProxy.Tests;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("docter", "doctor")]
    [InlineData("stauts", "status")]
    [InlineData("chek", "check")]
    [InlineData("RUN", "run")]
    [InlineData("bakends", "backends")]
    public void Nearest_WhenMistyped_FindsTheMeantName(string given, string expected) =>
        Assert.Equal(expected, Suggestion.Nearest(given, ["run", "check", "status", "backends", "doctor"]));

    [Theory]
    [InlineData("")]
    [InlineData("completelydifferent")]
    [InlineData("xyz")]
    public void Nearest_WhenNothingIsNear_SaysNothing(string given) =>
        Assert.Null(Suggestion.Nearest(given, ["run", "check", "status"]));

    [Fact]
    public void Slips_WhenComparedToTheTextbookMatrix_AreEqual()
    {
        Random random = new(20_26);
        for (int round = 0; round < 2_000; round++)
        {
            string left = Word(random);
            string right = Word(random);
            Assert.Equal(Naive(left, right), Suggestion.Slips(left, right));
        }
    }

    private static string Word(Random random) =>
        string.Create(random.Next(0, 9), random, static (span, r) =>
        {
            for (int i = 0; i < span.Length; i++) { span[i] = (char)('a' + r.Next(3)); }
        });

    /// <summary>Optimal string alignment over the whole matrix, as written in textbooks.</summary>
    private static int Naive(string left, string right)
    {
        int[,] slips = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++) { slips[i, 0] = i; }
        for (int j = 0; j <= right.Length; j++) { slips[0, j] = j; }
        for (int i = 1; i <= left.Length; i++)
        {
            for (int j = 1; j <= right.Length; j++)
            {
                int cost = left[i - 1] == right[j - 1] ? 0 : 1;
                slips[i, j] = Math.Min(Math.Min(slips[i - 1, j] + 1, slips[i, j - 1] + 1), slips[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    slips[i, j] = Math.Min(slips[i, j], slips[i - 2, j - 2] + 1);
                }
            }
        }

        return slips[left.Length, right.Length];
    }
}
