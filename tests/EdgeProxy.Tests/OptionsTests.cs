using System.Reflection;

namespace EdgeProxy.Tests;

public sealed class OptionsTests
{
    private static IEnumerable<PropertyInfo> Declared => typeof(Options).GetProperties()
        .Where(static p => p.PropertyType.IsAssignableTo(typeof(Setting)));

    [Fact]
    public void Groups_WhenCompared_HoldEverySettingOnce()
    {
        Options options = new();
        Setting[] declared = [.. Declared.Select(p => (Setting)p.GetValue(options)!)];
        Assert.Equal(declared.Length, options.All.Count());
        Assert.Empty(declared.Except(options.All));
    }

    [Fact]
    public void Names_WhenCompared_AreTheirPropertiesInCapitals()
    {
        Options options = new();
        foreach (PropertyInfo property in Declared)
        {
            string name = ((Setting)property.GetValue(options)!).Name;
            Assert.Equal(property.Name, name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
            Assert.Matches("^[A-Z][A-Z0-9_]*$", name);
        }
    }

    [Fact]
    public void Descriptions_WhenRead_AreSentences()
    {
        foreach (Setting setting in new Options().All)
        {
            Assert.EndsWith(".", setting.Summary, StringComparison.Ordinal);
            Assert.DoesNotContain('|', setting.Summary + setting.Accepts);
            Assert.True(setting.DefaultText.Length + setting.DefaultMeans.Length > 0, setting.Name);
        }
    }

    [Fact]
    public void LaterFeatures_WhenCompared_ShareNoNameWithSettings()
    {
        HashSet<string> names = [.. new Options().All.Select(static s => s.Name)];
        foreach (LaterFeature feature in LaterFeature.All)
        {
            Assert.DoesNotContain(feature.Switch, names);
            Assert.All(feature.Defaults, d => Assert.DoesNotContain(LaterFeature.VariableOf(d), names));
        }
    }

    [Fact]
    public void EverySetting_WhenTheSourceIsSearched_IsReadOutsideItsDeclaration()
    {
        string[] sources =
        [
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "EdgeProxy"), "*.cs", SearchOption.AllDirectories)
                .Where(static f => !Path.GetFileName(f).StartsWith("Options.", StringComparison.Ordinal)
                    && !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal))
                .Select(File.ReadAllText),
        ];
        string[] unread =
        [
            .. Declared.Select(static p => p.Name)
                .Where(name => !sources.Any(s => Reads(s, $"ptions.{name}."))),
        ];
        Assert.Empty(unread);
    }

    private static bool Reads(string source, string use) => source.Contains(use, StringComparison.Ordinal);
}
