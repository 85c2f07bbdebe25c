using System.Text;
using System.Text.Json;

namespace EdgeProxy.ControlPlane.Tests;

public sealed class LineBuilderTests
{
    [Theory]
    [InlineData("plain", "k=plain")]
    [InlineData("", "k=\"\"")]
    [InlineData("two words", "k=\"two words\"")]
    [InlineData("a=b", "k=\"a=b\"")]
    [InlineData("say \"hi\"", "k=\"say \\\"hi\\\"\"")]
    [InlineData("back\\slash", "k=\"back\\\\slash\"")]
    [InlineData("line\nfeed", "k=\"line\\nfeed\"")]
    [InlineData("\u001b[31mred", "k=\"\\u001b[31mred\"")]
    [InlineData("São Paulo", "k=\"São Paulo\"")]
    public void End_WhenLogfmt_QuotesOnlyWhatNeedsIt(string value, string expected) =>
        Assert.Equal(expected + "\n", Line(LogFormat.Logfmt, value));

    [Fact]
    public void End_WhenNothingWasAdded_IsAnEmptyObject()
    {
        LineBuilder line = new(new byte[64], LogFormat.Json);
        Assert.Equal("{}\n", Encoding.UTF8.GetString(line.End()));
    }

    [Theory]
    [InlineData(LogFormat.Logfmt)]
    [InlineData(LogFormat.Json)]
    public void End_WhenValuesAreHostile_StaysOneLine(LogFormat format)
    {
        Random random = new(7);
        for (int round = 0; round < 5_000; round++)
        {
            char[] value = new char[random.Next(40)];
            for (int i = 0; i < value.Length; i++) { value[i] = (char)(random.Next(3) == 0 ? random.Next(0x10000) : random.Next(128)); }
            string line = Line(format, new string(value));
            Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
            Assert.DoesNotContain(line[..^1], static c => char.IsControl(c));
            if (format == LogFormat.Json) { using JsonDocument whole = JsonDocument.Parse(line); }
        }
    }

    [Fact]
    public void Add_WhenUtf8IsBroken_WritesReplacementCharacters()
    {
        LineBuilder line = new(new byte[64], LogFormat.Json);
        line.Add("k"u8, [0x61, 0xFF, 0x62]);
        Assert.Equal("{\"k\":\"a\uFFFDb\"}\n", Encoding.UTF8.GetString(line.End()));
    }

    [Theory]
    [InlineData(LogFormat.Logfmt)]
    [InlineData(LogFormat.Json)]
    public void Add_WhenTheBufferIsFull_LeavesOutWhatDoesNotFitAndStaysWhole(LogFormat format)
    {
        for (int size = 8; size < 96; size++)
        {
            LineBuilder line = new(new byte[size], format);
            line.Add("first"u8, 1);
            line.Add("second"u8, "some \"quoted\" text");
            line.Add("third"u8, 3);
            string text = Encoding.UTF8.GetString(line.End());
            Assert.EndsWith("\n", text, StringComparison.Ordinal);
            if (format == LogFormat.Json) { using JsonDocument whole = JsonDocument.Parse(text); }
            else { Assert.True(text.Count(static c => c == '"') is 0 or 4, text); }
        }
    }

    [Fact]
    public void Add_WhenAValueIsTooLong_CutsItVisibly()
    {
        string line = Line(LogFormat.Json, new string('é', 5_000));
        using JsonDocument whole = JsonDocument.Parse(line);
        string value = whole.RootElement.GetProperty("k").GetString()!;
        Assert.EndsWith("é…", value, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(value), 500, 520);
    }

    [Fact]
    public void AddTime_WhenGivenATime_WritesRfc3339WithMilliseconds()
    {
        LineBuilder line = new(new byte[64], LogFormat.Logfmt);
        line.AddTime("ts"u8, new DateTime(2026, 1, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Equal("ts=2026-01-02T03:04:05.006Z\n", Encoding.UTF8.GetString(line.End()));
    }

    private static string Line(LogFormat format, string value)
    {
        LineBuilder line = new(new byte[LineBuilder.LineBytesMax], format);
        line.Add("k"u8, value);
        return Encoding.UTF8.GetString(line.End());
    }
}
