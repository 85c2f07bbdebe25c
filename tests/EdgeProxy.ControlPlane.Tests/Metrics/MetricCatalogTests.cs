using System.Text;
using System.Text.RegularExpressions;

namespace EdgeProxy.ControlPlane.Tests;

public sealed partial class MetricCatalogTests
{
    [Fact]
    public void Catalog_WhenAPageIsWritten_ListsItsFamiliesInOrder()
    {
        string[] written = [.. Family().Matches(Write()).Select(static m => $"{m.Groups["name"].Value} {m.Groups["type"].Value}")];
        Assert.Equal(MetricCatalog.All.Select(static metric => $"{metric.Name} {metric.Type}"), written);
    }

    [Fact]
    public void Catalog_WhenAPageIsWritten_NamesTheLabelsOfEachSample()
    {
        string page = Write();
        foreach (MetricDescription metric in MetricCatalog.All)
        {
            Match sample = Regex.Match(
                page, $@"^{metric.Name}(_bucket)?(?<labels>\{{[^\n]*\}})? \S+$", RegexOptions.Multiline | RegexOptions.ExplicitCapture);
            Assert.True(sample.Success, metric.Name);
            IEnumerable<string> labels = Label().Matches(sample.Groups["labels"].Value).Select(static m => m.Groups["name"].Value);
            Assert.Equal(metric.Labels, labels.Where(static name => name != "le"));
        }
    }

    private static string Write()
    {
        using LiveParts parts = new();
        PageBuffer page = new(1 << 20);
        parts.Metrics.Write(page);
        Assert.False(page.IsCut);
        return Encoding.UTF8.GetString(page.Written);
    }

    [GeneratedRegex("^# TYPE (?<name>[a-z_]+) (?<type>[a-z]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Family();

    [GeneratedRegex("(?<name>[a-z_]+)=\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
