using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeProxy.Linux;

namespace EdgeProxy.ControlPlane.Tests;

/// <summary>docs/reference/admin-socket.md shows requests and the fields of their answers: each is asked here.</summary>
public sealed partial class AdminPageTests
{
    [Fact]
    public void Page_WhenItsRequestsAreSent_NamesFieldsTheAnswersHave()
    {
        using LiveParts parts = new();
        Match[] rows = [.. Row().Matches(Page()).Cast<Match>()];
        Assert.Equal(7, rows.Length);
        foreach (Match row in rows)
        {
            using JsonDocument answer = Ask(parts, row.Groups["request"].Value);
            Assert.True(answer.RootElement.GetProperty("ok").GetBoolean(), row.Value);
            string[] documented = [.. Field().Matches(row.Groups["fields"].Value.Split(';')[0]).Select(static m => m.Groups["name"].Value)];
            Assert.NotEmpty(documented);
            Assert.All(documented, name => Assert.True(answer.RootElement.TryGetProperty(name, out _), $"{row.Groups["request"].Value}: {name}"));
        }
    }

    [Fact]
    public void Page_WhenComparedToTheBounds_GivesThem()
    {
        string page = Page();
        Assert.Contains($"{AdminRequest.BytesMax:N0} bytes", page, StringComparison.Ordinal);
        Assert.Contains($"1 to {AdminRequest.LimitMax:N0}", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"cmd\":\"no-such\"}")]
    [InlineData("{\"cmd\":\"status\",\"other\":1}")]
    [InlineData("{\"cmd\":\"status\"} more")]
    [InlineData("{\"cmd\":\"explain\",\"ip\":\"300.1.1.1\"}")]
    public void Request_WhenWrong_IsAnsweredWithAnError(string request)
    {
        using LiveParts parts = new();
        using JsonDocument answer = Ask(parts, request);
        Assert.False(answer.RootElement.GetProperty("ok").GetBoolean());
        Assert.NotEmpty(answer.RootElement.GetProperty("error").GetString()!);
    }

    private static JsonDocument Ask(LiveParts parts, string request)
    {
        PageBuffer answer = new(1 << 20);
        Assert.True(parts.Admin.TryAnswer(Fd.None, Encoding.UTF8.GetBytes(request + "\n"), full: false, answer));
        return JsonDocument.Parse(answer.Written.ToArray());
    }

    private static string Page()
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "EdgeProxy.slnx"))) { root = Path.GetDirectoryName(root); }
        Assert.NotNull(root);
        return File.ReadAllText(Path.Combine(root, "docs/reference/admin-socket.md"));
    }

    [GeneratedRegex(@"^\| `(?<request>\{[^`]+)` \| (?<fields>[^|]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[a-z_]+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex Field();
}
