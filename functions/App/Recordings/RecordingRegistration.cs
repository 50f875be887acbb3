using ClickToDial.App.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ClickToDial.App.Recordings;

public static class RecordingRegistration
{
    public static IServiceCollection AddRecordings(this IServiceCollection services) => services
        .AddCheckedOptions<RecordingOptions>(RecordingOptions.Section)
        .AddSingleton<RecordingRequests>()
        .AddSingleton<RecordingStore>()
        .AddSingleton<RecordingFetcher>();
}
