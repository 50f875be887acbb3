# The functions on their embedded host, for infra/compose/compose.yaml alone: Azure runs what `infra/scripts/deploy` publishes.
# Built from the root of the repository.
ARG DOTNET_SDK=mcr.microsoft.com/dotnet/sdk:10.0.401-noble
ARG DOTNET=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble

FROM ${DOTNET_SDK} AS build
WORKDIR /source
COPY Directory.Build.props Directory.Packages.props global.json .editorconfig host.json ./
COPY functions functions
RUN dotnet publish functions/App/ClickToDial.App.csproj -c Release -p:DebugType=none -o /app

FROM ${DOTNET}
COPY --from=build /app /app
USER 10001:10001
WORKDIR /app
EXPOSE 7071/tcp
ENTRYPOINT ["/app/ClickToDial.App"]
