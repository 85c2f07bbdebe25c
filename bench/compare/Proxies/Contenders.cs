using System.Globalization;

namespace EdgeProxy.Compare;

/// <summary>Writes each proxy's configuration into a directory and knows how it is started.</summary>
internal sealed class Contenders
{
    private readonly Dictionary<string, Contender> _byName = new(StringComparer.Ordinal);

    private Contenders()
    {
    }

    /// <summary>The contender of a name; null where this machine does not have it.</summary>
    public Contender? Find(string name) => _byName.GetValueOrDefault(name);

    public string Label(string name) => Find(name)?.Label ?? name;

    /// <param name="edgeproxy">Path of the binary; left out when it is not there.</param>
    /// <param name="floor">Path of the prototype; null leaves it out.</param>
    public static async Task<Contenders> PrepareAsync(
        string directory, string edgeproxy, string? floor, int loops, Addresses addresses)
    {
        Contenders all = new();
        await all.AddHaproxyAsync(directory, loops, addresses);
        string nginx = Path.Combine(directory, "nginx.conf");
        await File.WriteAllTextAsync(nginx, PeerConfigurations.Nginx(addresses, loops, directory));
        all.Add(new Contender(Contender.Nginx, "nginx stream", new CommandLine("/usr/sbin/nginx", "-c", nginx)));
        if (File.Exists(edgeproxy))
        {
            await all.AddEdgeproxyAsync(directory, edgeproxy, loops, addresses);
        }

        if (floor is not null)
        {
            all.AddFloor(floor, loops, addresses);
        }

        return all;
    }

    private void Add(Contender contender) => _byName[contender.Name] = contender;

    private async Task AddHaproxyAsync(string directory, int loops, Addresses addresses)
    {
        (string Name, string Label, string Configuration)[] variants =
        [
            (Contender.Haproxy, "haproxy", PeerConfigurations.Haproxy(addresses, loops)),
            (Contender.HaproxySplice, "haproxy, tuned for splice", PeerConfigurations.HaproxySplice(addresses, loops)),
            (Contender.HaproxyBusy, "haproxy, busy-polling", PeerConfigurations.HaproxyBusy(addresses, loops)),
        ];
        foreach ((string name, string label, string configuration) in variants)
        {
            string path = Path.Combine(directory, name + ".cfg");
            await File.WriteAllTextAsync(path, configuration);
            Add(new Contender(name, label, new CommandLine("/usr/sbin/haproxy", "-db", "-f", path)));
        }
    }

    private async Task AddEdgeproxyAsync(string directory, string edgeproxy, int loops, Addresses addresses)
    {
        string database = Path.Combine(directory, "routing.db");
        await Shell.RunAsync("sqlite3", database, $"""
            CREATE TABLE backends (id TEXT PRIMARY KEY, app TEXT, region TEXT, country TEXT, wg_ip TEXT, port INTEGER,
              healthy INTEGER, weight INTEGER, soft_limit INTEGER, hard_limit INTEGER, deleted INTEGER DEFAULT 0);
            INSERT INTO backends VALUES ('one', 'bench', 'sa', 'BR', '{addresses.Backend.Address}',
              {addresses.Backend.Port}, 1, 1, 10000, 20000, 0);
            """);
        foreach ((string name, string engine) in new[] { (Contender.Uring, "uring"), (Contender.Epoll, "epoll") })
        {
            Dictionary<string, string> environment = new(StringComparer.Ordinal)
            {
                ["EDGEPROXY_LISTEN_ADDR"] = addresses.Proxy.ToString(),
                ["EDGEPROXY_METRICS_LISTEN_ADDR"] = addresses.Metrics.ToString(),
                ["EDGEPROXY_DB_PATH"] = database,
                ["EDGEPROXY_WORKERS"] = loops.ToString(CultureInfo.InvariantCulture),
                ["EDGEPROXY_IO"] = engine,
                ["EDGEPROXY_LOG_CONNECTIONS"] = "off", // The peers do not log either.
            };
            Add(new Contender(name, $"edgeproxy, {engine}", new CommandLine(edgeproxy, ["run"], environment)));
        }
    }

    private void AddFloor(string floor, int loops, Addresses addresses)
    {
        string[] arguments =
        [
            "--listen", addresses.Proxy.ToString(), "--backend", addresses.Backend.ToString(),
            "--direct", "--splice", "256", "--threads", loops.ToString(CultureInfo.InvariantCulture),
        ];
        Add(new Contender(Contender.Floor, "prototype floor", new CommandLine(floor, arguments)));
        Add(new Contender(
            Contender.FloorSpin, "prototype floor, spinning", new CommandLine(floor, [.. arguments, "--spin", "50"])));
        Add(new Contender(
            Contender.FloorLowWater,
            "prototype floor, low-water mark",
            new CommandLine(floor, [.. arguments, "--lowat", "128"])));
    }
}
