using EdgeProxy.ControlPlane;

namespace EdgeProxy;

internal sealed partial class Options
{
    public SwitchSetting MetricsEnabled { get; } = new("METRICS_ENABLED", "true",
        "Serves Prometheus metrics, /health and /ready over HTTP.");

    public EndpointListSetting MetricsListenAddr { get; } = new("METRICS_LISTEN_ADDR", "127.0.0.1:9090", 1,
        "Where. Anybody who reaches it can read it.");

    public TextSetting MetricsPath { get; } = new("METRICS_PATH", "/metrics", "path of a URL",
        "The path of the metrics page.")
    {
        Check = static path => path.StartsWith('/') && path.AsSpan().IndexOfAny(" ?#") < 0
            ? null
            : new ValueProblem("is no path of a URL", "Write one such as /metrics."),
    };

    public TextSetting AdminSocket { get; } = new("ADMIN_SOCKET", "", "path of a Unix socket, or off",
        "Where `edgeproxy status` and `edgeproxy explain` reach the running proxy; only its own user may. `off` for none.")
    {
        DefaultMeans = "edgeproxy.sock in the state directory",
    };

    public ChoiceSetting<ConnectionLogMode> LogConnections { get; } = new("LOG_CONNECTIONS", "sampled",
        ["off", "sampled", "all"], [ConnectionLogMode.Off, ConnectionLogMode.Sampled, ConnectionLogMode.All],
        "Which closed connections get a line: `sampled` is every one that did not simply finish and one in a hundred of the rest.");

    public ChoiceSetting<LogFormat> LogFormat { get; } = new("LOG_FORMAT", "logfmt",
        ["logfmt", "json"], [ControlPlane.LogFormat.Logfmt, ControlPlane.LogFormat.Json],
        "How a log line is spelled.");

    public ChoiceSetting<LogLevel> LogLevel { get; } = new("LOG_LEVEL", "info",
        ["debug", "info", "warn", "error"],
        [
            ControlPlane.LogLevel.Debug, ControlPlane.LogLevel.Info,
            ControlPlane.LogLevel.Warn, ControlPlane.LogLevel.Error,
        ],
        "The least important lines still written.");

    public SwitchSetting Debug { get; } = new("DEBUG", "false",
        "Turns debug lines on, whatever the level says.", byPresence: true)
    {
        EnvironmentName = "DEBUG",
    };
}
