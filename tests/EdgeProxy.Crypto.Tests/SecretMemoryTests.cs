namespace EdgeProxy.Crypto.Tests;

public sealed class SecretMemoryTests
{
    [Fact]
    public void Memory_WhenMade_IsZero()
    {
        using SecretMemory memory = new(64);
        Assert.Equal(new byte[64], memory.Bytes.ToArray());
    }

    [Fact]
    public void Memory_WhenDisposedUnderAHold_LivesUntilItIsReleased()
    {
        SecretMemory memory = new(32);
        memory.Bytes.Fill(9);
        Assert.True(memory.TryAcquire());
        memory.Dispose();
        Assert.False(memory.TryAcquire());
        memory.AcquireAgain();
        Assert.Equal(9, memory.Bytes[31]);
        memory.Release();
        Assert.Equal(9, memory.Bytes[31]);
        Assert.False(memory.IsWiped);
        memory.Release();
        Assert.True(memory.IsWiped);
        Assert.False(memory.TryAcquire());
    }

    [Fact]
    public void Memory_WhenDisposedUnheld_IsWipedAtOnce()
    {
        SecretMemory memory = new(32);
        memory.Dispose();
        memory.Dispose();
        Assert.True(memory.IsWiped);
        Assert.False(memory.TryAcquire());
    }

    [Fact]
    public void Memory_WhenManyThreadsHoldAndOneDisposes_IsNeverSeenZeroed()
    {
        for (int round = 0; round < 200; round++)
        {
            SecretMemory memory = new(32);
            memory.Bytes.Fill(1);
            int bad = 0;
            Parallel.For(0, 4, worker =>
            {
                if (worker == 0) { memory.Dispose(); }
                while (memory.TryAcquire())
                {
                    if (memory.Bytes.ContainsAnyExcept((byte)1)) { Interlocked.Increment(ref bad); }
                    memory.Release();
                }
            });
            Assert.Equal(0, bad);
            Assert.True(memory.IsWiped);
        }
    }

    [Fact]
    public void Memory_WhenTheSecureHeapIsFull_GoesOnInOrdinaryMemory()
    {
        List<SecretMemory> taken = [];
        for (int i = 0; i < 5; i++) { taken.Add(new SecretMemory(1 << 20)); }
        Assert.All(taken, static memory => memory.Bytes.Fill(1));
        taken.ForEach(static memory => memory.Dispose());
    }

    [Fact]
    public void Secrets_WhenCompared_AreEqualOnlyByteForByte()
    {
        byte[] one = Vectors.Counting(32);
        for (int i = 0; i < 32; i++)
        {
            byte[] other = [.. one];
            other[i] ^= 1;
            Assert.False(Secret.AreEqual(one, other));
        }

        Assert.True(Secret.AreEqual(one, [.. one]));
        Assert.False(Secret.AreEqual(one, one.AsSpan(1)));
        Assert.True(Secret.AreEqual([], []));
    }

    [Fact]
    public void Secret_WhenWiped_IsZero()
    {
        byte[] secret = Vectors.Counting(40);
        Secret.Wipe(secret.AsSpan(0, 39));
        Assert.Equal([.. new byte[39], 39], secret);
    }
}
