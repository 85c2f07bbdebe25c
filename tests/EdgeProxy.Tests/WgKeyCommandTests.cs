namespace EdgeProxy.Tests;

/// <summary>Keys, beside what `wg` makes of them.</summary>
public sealed class WgKeyCommandTests
{
    [Theory]
    [InlineData("genkey")]
    [InlineData("genpsk")]
    public void Gen_WhenRun_PrintsAnotherKeyEachTimeThatWgTakes(string command)
    {
        string key = Run(command);
        Assert.Equal(45, key.Length);
        Assert.NotEqual(key, Run(command));
        Assert.Equal(45, RealWg.Run("pubkey", key).Length);
    }

    [Fact]
    public void PublicKey_WhenDerived_IsThatOfWg()
    {
        for (int i = 0; i < 8; i++)
        {
            string key = Run("genkey");
            Assert.Equal(RealWg.Run("pubkey", key).Trim(),
                KeyPair.PublicOf(EdgeProxy.Routing.SecretKey.Parse(key.Trim())!).ToString());
        }
    }

    private static string Run(string command)
    {
        Session session = new();
        Assert.Equal(ExitCode.Done, session.Run("wg", command));
        return session.Output;
    }
}
