namespace ClickToDial.Core.Problems;

/// <summary>Every problem the API answers with. Callers add detail or field with <c>with</c>; reason and status stay.</summary>
public static class KnownProblems
{
    // The body.
    public static readonly Problem BodyTooLarge = new("body-too-large", 413, "The body is larger than this endpoint takes.");
    public static readonly Problem UnsupportedMediaType = new("unsupported-media-type", 415, "The body must be application/json.");
    public static readonly Problem InvalidJson = new("invalid-json", 400, "The body is not one valid JSON object.");
    public static readonly Problem UnsupportedEncoding = new("unsupported-content-encoding", 415, "The body may be compressed with gzip, or not at all.");
    public static readonly Problem BatchTooLarge = new("batch-too-large", 413, "The body holds too many events.");
    public static readonly Problem OffsetTooLarge =
        new("offset-too-large", 400, "Offset and limit together reach too far; narrow the dates or use the cursor.");
    public static readonly Problem RangeTooLarge =
        new("range-too-large", 400, "Oldest first is only for ranges with few calls; narrow the dates.");
    public static readonly Problem FieldMissing = new("field-missing", 400, "A required field is missing.");
    public static readonly Problem FieldWrongType = new("field-wrong-type", 400, "A field has the wrong JSON type.");
    public static readonly Problem FieldTooLong = new("field-too-long", 400, "A field is too long.");
    public static readonly Problem FieldOutOfRange = new("field-out-of-range", 400, "A field is outside its range.");
    public static readonly Problem FieldInvalid = new("field-invalid", 400, "A field does not have the required form.");
    public static readonly Problem DestinationInvalid =
        new("destination-invalid", 400, "The destination is no E.164 number, no user of the domain and no test number.");
    public static readonly Problem UserUnknown = new("user-unknown", 404, "The domain has no such user.");
    public static readonly Problem CallNotFound = new("call-not-found", 404, "There is no such call.");
    public static readonly Problem CallStateWrong = new("call-state-wrong", 409, "The call is not where that can be done.");
    public static readonly Problem FileNotFound = new("file-not-found", 404, "There is no such file.");
    public static readonly Problem CursorInvalid = new("cursor-invalid", 400, "The cursor was not made by this endpoint.");

    // Idempotency.
    public static readonly Problem IdempotencyKeyMissing =
        new("idempotency-key-missing", 400, "The header Idempotency-Key is required.");
    public static readonly Problem IdempotencyKeyInvalid =
        new("idempotency-key-invalid", 400, "Idempotency-Key must be 1 to 128 visible ASCII characters.");
    public static readonly Problem IdempotencyKeyReused =
        new("idempotency-key-reused", 422, "The Idempotency-Key was used with another body.");

    public static readonly Problem BodyUnreadable = new("body-unreadable", 400, "The body did not arrive whole.");
    public static readonly Problem BodyTooSlow = new("body-too-slow", 408, "The body did not arrive in time.");

    // Who asks.
    public static readonly Problem CredentialsMissing = new("credentials-missing", 401, "An API key or a session token is required.");
    public static readonly Problem CredentialsAmbiguous =
        new("credentials-ambiguous", 400, "Send an API key or a session token, not both.");
    public static readonly Problem ApiKeyInvalid = new("api-key-invalid", 401, "The API key is not valid.");
    public static readonly Problem ApiKeyExpired = new("api-key-expired", 401, "The API key has expired.");
    public static readonly Problem ApiKeyUnknown = new("api-key-unknown", 404, "There is no such API key.");
    public static readonly Problem AddressNotAllowed = new("address-not-allowed", 401, "The credentials are not for use from this address.");
    public static readonly Problem KeyRateLimited = new("key-rate-limited", 429, "The API key makes too many requests.");
    public static readonly Problem ScopeMissing = new("scope-missing", 403, "The credentials do not allow this.");
    public static readonly Problem DomainNotAllowed = new("domain-not-allowed", 403, "The credentials are for another domain.");
    public static readonly Problem TokenMalformed = new("token-malformed", 401, "The session token cannot be read.");
    public static readonly Problem TokenInvalid = new("token-invalid", 401, "The session token was not issued here.");
    public static readonly Problem TokenWrongAudience = new("token-wrong-audience", 401, "The session token is for another audience.");
    public static readonly Problem TokenExpired = new("token-expired", 401, "The session token has expired.");
    public static readonly Problem TokenNotYetValid = new("token-not-yet-valid", 401, "The session token is not valid yet.");
    public static readonly Problem TokenSpent = new("token-spent", 403, "The session token has been used for all its calls.");
    public static readonly Problem TokenWrongOrigin = new("token-wrong-origin", 403, "The session token is bound to another origin.");
    public static readonly Problem TokenUserDiffers = new("token-user-differs", 403, "The session token is for another user.");
    public static readonly Problem TokenDestinationNotCovered =
        new("token-destination-not-covered", 403, "The session token does not cover this destination.");
    public static readonly Problem TokenRestricted =
        new("token-restricted", 403, "A session token for certain destinations presses no buttons, sends no forms and acknowledges no actions.");
    public static readonly Problem PbxTokenInvalid = new("pbx-token-invalid", 401, "X-Pbx-Token is missing or wrong.");
    public static readonly Problem SignatureInvalid = new("signature-invalid", 401, "The webhook's signature is missing, too old or wrong.");
    public static readonly Problem PoisonUnknown = new("poison-unknown", 404, "There is no such event set aside.");
    public static readonly Problem WebhookUnknown = new("webhook-unknown", 404, "There is no such webhook subscription.");
    public static readonly Problem DeliveryUnknown = new("delivery-unknown", 404, "There is no such delivery.");
    public static readonly Problem TooManyWebhooks = new("too-many-webhooks", 409, "The domain has as many webhook subscriptions as it may.");
    public static readonly Problem WebhookUrlNotAllowed =
        new("webhook-url-not-allowed", 400, "The URL must be https, without a user name, and must not lead into a private network.");
    public static readonly Problem HeaderNotAllowed = new("header-not-allowed", 400, "Such a header cannot be added to a delivery.");
    public static readonly Problem WebhookNotVerified = new("webhook-not-verified", 422, "The URL did not answer with the challenge.");
    public static readonly Problem WorkerTokenInvalid = new("worker-token-invalid", 401, "The worker token is missing or wrong.");

    public static readonly Problem HookSignatureInvalid = new("hook-signature-invalid", 403, "The hook request is not signed, or not with our key.");
    public static readonly Problem HookUnknown = new("hook-unknown", 404, "There is no such hook.");
    public static readonly Problem OriginNotAllowed = new("origin-not-allowed", 403, "Pages of this origin may not call.");

    public static readonly Problem LinkInvalid = new("link-invalid", 400, "This is not a link that can be used.");
    public static readonly Problem LinkExpired = new("link-expired", 410, "This link is no longer good.");
    public static readonly Problem LinkUsed = new("link-used", 410, "This link has been used already.");
    public static readonly Problem LinkCredentialsWrong = new("link-credentials-wrong", 403, "The link's user or password is wrong.");
    public static readonly Problem LinkFormNotTaken = new("link-form-not-taken", 403, "Links of this kind are switched off.");
    public static readonly Problem LoginRequired = new("login-required", 401, "Name and password are required.");
    public static readonly Problem LoginTokenInvalid = new("login-token-invalid", 401, "The login token was used, is too old, or was not issued here.");
    public static readonly Problem TooManyFailures = new("too-many-failures", 429, "Too many wrong passwords.");

    // Policy.
    public static readonly Problem DestinationDenied = new("destination-denied", 403, "Calls to this number are denied.");
    public static readonly Problem DestinationNotAllowed = new("destination-not-allowed", 403, "The domain may not call this number.");
    public static readonly Problem CallerIdNotAllowed =
        new("caller-id-not-allowed", 403, "A session token may show no other caller id than the user's own.");
    public static readonly Problem DestinationPremium = new("destination-premium", 403, "Calls to premium-rate numbers are not allowed.");
    public static readonly Problem DestinationInternational =
        new("destination-international", 403, "The domain may not call numbers of this country.");
    public static readonly Problem OutsideHours = new("outside-hours", 403, "Numbers may not be called at this time.");
    public static readonly Problem UserRateLimited = new("user-rate-limited", 429, "The user starts too many calls.");
    public static readonly Problem UserHourlyLimit = new("user-hourly-limit", 429, "The user has started as many calls as it may in an hour.");
    public static readonly Problem UserDailyLimit = new("user-daily-limit", 429, "The user has started as many calls as it may in a day.");
    public static readonly Problem UserConcurrentLimit = new("user-concurrent-limit", 429, "The user has as many calls under way as it may.");
    public static readonly Problem AddressRateLimited = new("address-rate-limited", 429, "Too many calls are started from this address.");
    public static readonly Problem AddressHourlyLimit =
        new("address-hourly-limit", 429, "As many calls were started from this address as may be in an hour.");
    public static readonly Problem AddressDailyLimit = new("address-daily-limit", 429, "As many calls were started from this address as may be in a day.");
    public static readonly Problem DestinationRateLimited = new("destination-rate-limited", 429, "This number is called too often.");
    public static readonly Problem DestinationHourlyLimit =
        new("destination-hourly-limit", 429, "This number was called as often as it may be in an hour.");
    public static readonly Problem DestinationDailyLimit = new("destination-daily-limit", 429, "This number was called as often as it may be in a day.");

    // Buttons, forms, scripts and chains.
    public static readonly Problem ButtonUnknown = new("button-unknown", 404, "There is no such button.");
    public static readonly Problem FormUnknown = new("form-unknown", 404, "There is no such form.");
    public static readonly Problem ScriptUnknown = new("script-unknown", 404, "There is no such script.");
    public static readonly Problem SecretUnknown = new("secret-unknown", 404, "There is no such secret.");
    public static readonly Problem ChainUnknown = new("chain-unknown", 404, "There is no such chain.");
    public static readonly Problem VersionMissing = new("version-missing", 428, "Say which version is replaced, in If-Match or in version.");
    public static readonly Problem VersionDiffers = new("version-differs", 412, "It was changed meanwhile.");
    public static readonly Problem NameTaken = new("name-taken", 409, "Another one has this name.");
    public static readonly Problem SelectionInvalid = new("selection-invalid", 400, "Too few or too many rows are selected.");
    public static readonly Problem ChainRunning = new("chain-running", 409, "A chain of this user is running.");
    public static readonly Problem ChainNotWaiting = new("chain-not-waiting", 409, "The chain does not wait for this.");
    public static readonly Problem FormNeedsChain = new("form-needs-chain", 409, "A form continues a chain and never starts one.");
    public static readonly Problem FormDataInvalid = new("form-data-invalid", 422, "What was filled in does not pass the form's rules.");
    public static readonly Problem ScriptInvalid = new("script-invalid", 422, "The script cannot be read.");
    public static readonly Problem ScriptFailed = new("script-failed", 422, "The script failed.");
    public static readonly Problem ChainFailed = new("chain-failed", 422, "The chain ended before it could answer.");
    public static readonly Problem ScriptRunnerUnavailable =
        new("script-runner-unavailable", 503, "The script runner cannot be reached.") { RetryAfterSeconds = 5 };

    // Ours to answer for.
    public static readonly Problem TooManyWatches =
        new("too-many-watches", 429, "The same caller watches as often as it may at once.");
    public static readonly Problem StorageUnavailable =
        new("storage-unavailable", 503, "Storage cannot be reached.") { RetryAfterSeconds = 5 };
    public static readonly Problem TooManyAtOnce =
        new("too-many-at-once", 503, "Too many requests for the same user or token met.") { RetryAfterSeconds = 1 };
    public static readonly Problem QueueUnavailable =
        new("queue-unavailable", 503, "The event queue cannot be reached.") { RetryAfterSeconds = 5 };
    public static readonly Problem WorkerUnavailable =
        new("worker-unavailable", 503, "The call worker cannot be reached.") { RetryAfterSeconds = 5 };
    public static readonly Problem WorkerDraining =
        new("worker-draining", 503, "The call worker takes no new calls.") { RetryAfterSeconds = 5 };
    public static readonly Problem WorkerNoCapacity =
        new("worker-no-capacity", 503, "The call worker is full.") { RetryAfterSeconds = 5 };
    public static readonly Problem CallBeingPlaced =
        new("call-being-placed", 503, "The call is just being handed to the worker.") { RetryAfterSeconds = 5 };
    public static readonly Problem WorkerRefused = new("worker-refused", 502, "The call worker refused the command.");
    public static readonly Problem InternalError = new("internal-error", 500, "Something went wrong here.");

    /// <summary>All of them, for the documentation and its test.</summary>
    public static IReadOnlyList<Problem> All { get; } =
    [
        BodyTooLarge, BodyUnreadable, BodyTooSlow, UnsupportedMediaType, UnsupportedEncoding, InvalidJson, BatchTooLarge,
        OffsetTooLarge, RangeTooLarge, FieldMissing, FieldWrongType, FieldTooLong, FieldOutOfRange, FieldInvalid,
        DestinationInvalid, UserUnknown, CallNotFound, CallStateWrong, FileNotFound, CursorInvalid,
        IdempotencyKeyMissing, IdempotencyKeyInvalid, IdempotencyKeyReused,
        CredentialsMissing, CredentialsAmbiguous, ApiKeyInvalid, ApiKeyExpired, ApiKeyUnknown, AddressNotAllowed, KeyRateLimited, ScopeMissing, DomainNotAllowed,
        TokenMalformed, TokenInvalid, TokenWrongAudience, TokenExpired, TokenNotYetValid, TokenSpent, TokenWrongOrigin,
        TokenUserDiffers, TokenDestinationNotCovered, TokenRestricted, PbxTokenInvalid, SignatureInvalid, PoisonUnknown,
        WebhookUnknown, DeliveryUnknown, TooManyWebhooks, WebhookUrlNotAllowed, HeaderNotAllowed, WebhookNotVerified, WorkerTokenInvalid,
        HookSignatureInvalid, HookUnknown, OriginNotAllowed,
        LinkInvalid, LinkExpired, LinkUsed, LinkCredentialsWrong, LinkFormNotTaken, LoginRequired, LoginTokenInvalid, TooManyFailures,
        DestinationDenied, DestinationNotAllowed, CallerIdNotAllowed, DestinationPremium, DestinationInternational, OutsideHours,
        UserRateLimited, UserHourlyLimit, UserDailyLimit, UserConcurrentLimit, AddressRateLimited, AddressHourlyLimit, AddressDailyLimit,
        DestinationRateLimited, DestinationHourlyLimit, DestinationDailyLimit,
        ButtonUnknown, FormUnknown, ScriptUnknown, SecretUnknown, ChainUnknown, VersionMissing, VersionDiffers, NameTaken, SelectionInvalid, ChainRunning,
        ChainNotWaiting, FormNeedsChain, FormDataInvalid, ScriptInvalid, ScriptFailed, ChainFailed, ScriptRunnerUnavailable,
        TooManyWatches, StorageUnavailable, TooManyAtOnce, QueueUnavailable, WorkerUnavailable, WorkerDraining, WorkerNoCapacity, CallBeingPlaced,
        WorkerRefused, InternalError,
    ];
}
