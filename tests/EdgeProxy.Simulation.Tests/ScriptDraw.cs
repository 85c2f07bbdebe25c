using System.Globalization;
using EdgeProxy.DataPlane;
using EdgeProxy.Linux;
using EdgeProxy.Routing;
using EdgeProxy.Testing;

namespace EdgeProxy.Simulation.Tests;

/// <summary>Draws what a client or a backend does on its connection. Every script ends by reading until the end.</summary>
internal static class ScriptDraw
{
    private const int HeaderBytesMax = 256;

    public static string Client(Dice dice, Weather weather, PlannedApp app)
    {
        if (weather == Weather.Storm && dice.Chance(80)) { return dice.Pick(["rst", "close", "pause 1ms; rst", "pause 5ms; close"]); }
        string start = app.TakesHeader ? Header(dice, weather, app) : "";
        if (start.EndsWith("fin; ", StringComparison.Ordinal)) { return $"{start}expect end"; }
        return $"{start}{Sends(dice, weather)}{Ending(dice, weather)} | {Reading(dice, weather)}";
    }

    public static string Backend(Dice dice, Weather weather, PlannedApp app)
    {
        string header = app.SendsHeader ? "expect header; " : "";
        return dice.Below(3) == 0
            ? $"{header}{Reading(dice, weather)}; {Sends(dice, weather)}{Ending(dice, weather)}" // Answers when it has heard all.
            : $"{Sends(dice, weather)}{Ending(dice, weather)} | {header}{Reading(dice, weather)}";
    }

    private static string Sends(Dice dice, Weather weather)
    {
        string sends = "";
        for (int left = dice.Below(4); left > 0; left--)
        {
            sends += $"send {Size(dice)}; ";
            if (dice.Chance(300)) { sends += $"pause {dice.Between(1, 200)}00us; "; }
        }

        if (weather == Weather.Storm && dice.Chance(30)) { sends += $"pause {dice.Between(1, 8)}s; "; }
        return sends;
    }

    /// <summary>Mostly messages, sometimes enough to move through a pipe, and then small pieces again.</summary>
    private static int Size(Dice dice) => dice.Below(12) switch
    {
        0 => 1,
        < 5 => dice.Between(1, 400),
        < 9 => dice.Between(1, 40_000),
        < 11 => dice.Between(1, 300_000),
        _ => dice.Between(300_000, 1_500_000),
    };

    private static string Ending(Dice dice, Weather weather) =>
        weather == Weather.Calm ? "fin" : dice.Below(8) switch
        {
            0 => "rst",
            1 => "close",
            2 => "pause 3s; rst",
            3 => "pause 20s",
            _ => "fin",
        };

    private static string Reading(Dice dice, Weather weather) => dice.Below(10) switch
    {
        0 => $"expect end by {dice.Between(8, 60)}k every {dice.Between(1, 5)}ms",
        1 => $"pause {dice.Between(1, 40)}ms; expect end",
        2 when weather == Weather.Storm => "expect end by 16k every 200ms",
        3 when weather == Weather.Storm => "pause 10s; expect end", // A stalled reader.
        _ => "expect end",
    };

    /// <summary>A header as its sender would write it, cut anywhere; in a storm also wrong, short or missing ones.</summary>
    private static string Header(Dice dice, Weather weather, PlannedApp app)
    {
        if (weather == Weather.Storm && dice.Chance(250))
        {
            return dice.Below(4) switch
            {
                0 => "text PROXY TCP4 999.1.1.1 2.2.2.2 1 2\\r\\n; fin; ",
                1 => "text PROXY TC; fin; ",
                2 => "hex 0d0a0d0a000d0a515549540a21110000; fin; ",
                _ => "text PROXY TCP4 ; pause 30s; fin; ",
            };
        }

        if (app.Row.ProxyProtocol == "optional" && dice.Chance(300)) { return ""; }
        byte[] bytes = new byte[HeaderBytesMax];
        int count = ProxyHeaderWriter.Write(
            bytes, dice.Chance(500) ? ProxyProtocolOut.V1 : ProxyProtocolOut.V2,
            new IpEndpoint(IpAddress.FromV4(0x0A00_0000u + (uint)dice.Below(50)), 1234),
            new IpEndpoint(IpAddress.FromV4(0x0A01_0001), 80), ProxyTlvs.Checksum, 7, Country.None, "eu"u8);
        string script = "";
        for (int done = 0; done < count;)
        {
            int piece = dice.PartOf(count - done);
            script += string.Create(CultureInfo.InvariantCulture, $"hex {Convert.ToHexString(bytes, done, piece)}; ");
            if (dice.Chance(300)) { script += "pause 300us; "; }
            done += piece;
        }

        return script;
    }
}
