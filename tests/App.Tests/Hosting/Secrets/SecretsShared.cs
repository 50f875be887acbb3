namespace ClickToDial.App.Tests.Hosting.Secrets;

[CollectionDefinition(SecretRig.Collection)]
public sealed class SecretsShared : ICollectionFixture<SecretRig>;
