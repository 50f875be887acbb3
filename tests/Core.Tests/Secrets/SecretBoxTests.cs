using System.Security.Cryptography;
using ClickToDial.Core.Secrets;

namespace ClickToDial.Core.Tests.Secrets;

public sealed class SecretBoxTests
{
    private static readonly SecretKey New = Key("new:" + new string('a', 64));
    private static readonly SecretKey Old = Key("old:" + new string('b', 64));

    [Fact]
    public void Sealed_OpensAtItsPlaceOnly()
    {
        var box = new SecretBox([New], new SeededRandom());
        var secret = box.Seal("hush", "Devices/demo/101");

        Assert.Equal("hush", box.Open(secret, "Devices/demo/101"));
        Assert.ThrowsAny<CryptographicException>(() => box.Open(secret, "Devices/demo/102"));
    }

    [Fact]
    public void OldKey_StillOpensAndTheNewOneSeals()
    {
        var secret = new SecretBox([Old], new SeededRandom()).Seal("hush", "p");
        var box = new SecretBox([New, Old], new SeededRandom());

        Assert.Equal("hush", box.Open(secret, "p"));
        Assert.Equal("new", box.Seal("hush", "p").KeyId);
        Assert.ThrowsAny<CryptographicException>(() => new SecretBox([New], new SeededRandom()).Open(secret, "p"));
    }

    [Fact]
    public void AnyChangedByte_DoesNotOpen()
    {
        var box = new SecretBox([New], new SeededRandom());
        var secret = box.Seal("hush", "p");
        for (var i = 0; i < secret.Bytes.Length; i++)
        {
            var bytes = secret.Bytes.ToArray();
            bytes[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => box.Open(secret with { Bytes = bytes }, "p"));
        }

        Assert.ThrowsAny<CryptographicException>(() => box.Open(secret with { Bytes = [1, 2] }, "p"));
    }

    [Fact]
    public void SameSecretTwice_LooksDifferent()
    {
        var box = new SecretBox([New], new SeededRandom());
        Assert.NotEqual(box.Seal("hush", "p").Bytes, box.Seal("hush", "p").Bytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData(":00")]
    [InlineData("id:xyz")]
    [InlineData("id:00")]
    public void OtherForms_AreNoKeys(string? text) => Assert.False(SecretKey.TryParse(text, out _));

    [Fact]
    public void TooLongKey_IsNoKey() => Assert.False(SecretKey.TryParse("id:" + new string('a', 66), out _));

    private static SecretKey Key(string text) => SecretKey.TryParse(text, out var key) ? key : throw new InvalidOperationException();
}
