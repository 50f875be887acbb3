# The functions on their embedded host, for infra/compose/compose.yaml alone: Azure runs what `infra/scripts/deploy` publishes.
# Built from the root of the repository.
ARG DOTNET_SDK=mcr.microsoft.com/dotnet/sdk:10.0.401-noble@sha256:e70cdb7f80b0348f5cb85f19a8f670fca061f033d57eed12fa003d58b0e06317
ARG DOTNET=mcr.microsoft.com/dotnet/aspnet:10.0.12-noble@sha256:222759b391a1aaf241166672c8f99b2d4ada452e7b5319f3c6e8f265a37b5ad4

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
